import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "#stain/decide";

const labels = Uint8Array.of(2, 5, 7);

/** Decide rows of probabilities, and give classes and reasons. */
function decided(rows: number[][], threshold = 0, codes: number[] = []) {
  const rejected = Uint8Array.from(rows, (_, i) => codes[i] ?? 0);
  const classes = new Uint8Array(rows.length).fill(99);
  decide(Float32Array.from(rows.flat()), rows.length, labels, threshold, rejected, classes);
  return { classes: [...classes], rejected: [...rejected] };
}

test("a pixel gets the label value of its most probable class", () => {
  const rows = [
    [0.7, 0.2, 0.1],
    [0.1, 0.2, 0.7],
    [0.2, 0.5, 0.3],
  ];
  expect(decided(rows)).toEqual({ classes: [2, 7, 5], rejected: [0, 0, 0] });
});

test("of equally probable classes the first wins", () => {
  expect(decided([[0.25, 0.375, 0.375]]).classes).toEqual([5]);
});

test("a best class below the threshold leaves the pixel unclassified, one at the threshold does not", () => {
  const rows = [
    [0.5, 0.25, 0.25],
    [0.5, 0.3, 0.2],
  ];
  expect(decided(rows, 0.5)).toEqual({ classes: [2, 2], rejected: [0, 0] });
  expect(decided(rows, 0.51)).toEqual({ classes: [0, 0], rejected: [9, 9] });
});

test("a rejected pixel keeps its reason and has class 0, whatever its probabilities", () => {
  expect(decided([[1, 0, 0]], 0, [8])).toEqual({ classes: [0], rejected: [8] });
});

test("a pixel whose probabilities are all NaN is unclassified even without a threshold", () => {
  expect(decided([[Number.NaN, Number.NaN, Number.NaN]])).toEqual({ classes: [0], rejected: [9] });
});

test("a pixel has a class exactly when it has no reason, and pixels do not know of each other", () => {
  const pixel = fc.tuple(
    fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    fc.nat(9),
  );
  fc.assert(
    fc.property(fc.array(pixel, { maxLength: 20 }), fc.float({ min: 0, max: 1, noNaN: true }), (pixels, threshold) => {
      const all = decided(
        pixels.map(([row]) => row),
        threshold,
        pixels.map(([, code]) => code),
      );
      for (const [i, [row, code]] of pixels.entries()) {
        expect(all.classes[i] > 0).toBe(all.rejected[i] === 0);
        const alone = decided([row], threshold, [code]);
        expect([all.classes[i], all.rejected[i]]).toEqual([alone.classes[0], alone.rejected[0]]);
      }
    }),
  );
});
