import { expect, test } from "vitest";
import { overlap } from "#pipeline/overlap";

/** A map of so many pixels, hot in some of them, and tumour in some. */
function cube(pixels: number, hot: readonly number[], tumour: readonly number[], weight = 1) {
  const values = Float32Array.from({ length: pixels }, (_, i) => (hot.includes(i) ? 0.9 : i / 1000));
  return { values, tumour: Uint8Array.from(values, (_, i) => (tumour.includes(i) ? 1 : 0)), weight };
}

test("the overlap of a case is that of all its cubes, not of the first", () => {
  // 40 pixels in all, so two are the hottest twentieth: one in each cube; three are tumour, and one is both.
  const first = cube(20, [3], [3]);
  const second = cube(20, [5], [7, 8]);
  expect(overlap([first, second])).toBe(1 / 4);
  expect(overlap([second, first])).toBe(1 / 4);
  expect(overlap([first])).toBe(1);
  expect(overlap([second])).toBe(0);
});

test("the hottest twentieth is that of all cubes together", () => {
  // Both hot pixels lie in the first cube; the highest of the second, 0.019, is not hot.
  expect(overlap([cube(20, [3, 4], [3, 4]), cube(20, [], [19])])).toBe(2 / 3);
});

test("a pixel of a thinned map counts as all that it stands for", () => {
  // One pixel of four, and four of one: eight in all, and the hottest is that of the thinned map.
  expect(overlap([cube(1, [0], [0], 4), cube(4, [], [1])])).toBe(4 / 5);
});

test("there is none where a cube has no stain, nothing is shown or nothing is tumour", () => {
  expect(overlap([cube(20, [3], [3]), undefined])).toBeNull();
  expect(overlap([])).toBeNull();
  expect(overlap([cube(20, [3], [])])).toBeNull();
  expect(
    overlap([{ values: new Float32Array(4).fill(Number.NaN), tumour: new Uint8Array(4).fill(1), weight: 1 }]),
  ).toBeNull();
});
