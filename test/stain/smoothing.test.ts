import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "#cube/random";
import type { StainMap } from "#cube/stain-map";
import { guided } from "#stain/guided";
import { majority } from "#stain/majority";
import { openRowSums } from "#stain/row-sums";
import { drawn, lines } from "./maps.js";

test("a lone pixel takes the class of its neighbours", () => {
  expect(lines(majority(drawn(["111", "121", "111"])))).toEqual(["111", "111", "111"]);
});

test("a tie keeps the centre: two classes of equal count around a third change nothing", () => {
  // Around the centre four 1, four 2, one 3.
  expect(lines(majority(drawn(["111", "132", "222"])))[1][1]).toBe("3");
});

test("a straight boundary stays where it is", () => {
  const half = ["1122", "1122", "1122", "1122"];
  expect(lines(majority(drawn(half)))).toEqual(half);
});

test("rejected pixels have no vote and get none", () => {
  // The centre sees itself and one 1 only: a tie, so it stays; the eight others are rejected.
  expect(lines(majority(drawn(["xxx", "x2x", "xx1"])))).toEqual(["...", ".2.", "..1"]);
  expect(majority(drawn(["1x1", "111"])).rejected).toEqual(drawn(["1x1", "111"]).rejected);
});

test("majority gives a new map and leaves the given one, its probabilities and its reasons alone", () => {
  const map = drawn(["111", "121", "11?"]);
  const before = structuredClone(map);
  const after = majority(map);
  expect(map).toEqual(before);
  expect(after.probabilities).toBe(map.probabilities);
  expect(after.rejected).toBe(map.rejected);
});

test("a box sum is the sum over the window, at the edges over what lies inside", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.nat(4), (rows, cols, radius) => {
      const values = Float64Array.from({ length: rows * cols }, (_, i) => (i * 7) % 11);
      const sums: Float64Array[] = [];
      const running = openRowSums(cols, radius);
      const out = new Float64Array(cols);
      for (let row = 0; row < rows; row++) {
        if (running.push(values.slice(row * cols, (row + 1) * cols), out)) sums.push(out.slice());
      }
      while (running.drain(out)) sums.push(out.slice());
      expect(sums.length).toBe(rows);
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < cols; col++) {
          let expected = 0;
          for (let i = 0; i < values.length; i++) {
            const near = Math.abs(Math.floor(i / cols) - row) <= radius && Math.abs((i % cols) - col) <= radius;
            if (near) expected += values[i];
          }
          expect(sums[row][col]).toBe(expected);
        }
      }
    }),
  );
});

const golden = JSON.parse(readFileSync(new URL("golden/guided.golden.json", import.meta.url), "utf8"));

/** A map of random probabilities with some rejected pixels, from a golden or a seed. */
function mapFrom(rows: number, cols: number, probabilities: Float32Array, rejected: Uint8Array): StainMap {
  const size = probabilities.length / (rows * cols);
  return {
    rows,
    cols,
    classNames: ["unclassified", "a", "b", "c"].slice(0, size + 1),
    labels: Uint8Array.from({ length: size }, (_, k) => k + 1),
    classes: new Uint8Array(rows * cols),
    probabilities,
    rejected,
  };
}

test("the guided filter agrees with window-by-window ridge fits in numpy", () => {
  const { rows, cols, radius, epsilon, guide, rejected, probabilities, expected } = golden;
  const map = mapFrom(rows, cols, Float32Array.from(probabilities), Uint8Array.from(rejected));
  const result = guided(map, Float32Array.from(guide), { radius, epsilon });
  expect(expected.length).toBe(189);
  // Results are stored as float32, whose step at 1 is 6e-8; scaling to a sum of 1 rounds once more.
  for (const [i, value] of result.probabilities.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(3e-7);
  expect([...result.rejected]).toEqual(rejected);
});

test("where the guide is flat the filter averages; across an edge of the guide it does not", () => {
  const rows = 8;
  const cols = 16;
  const noise = random(3);
  const left = (i: number) => i % cols < cols / 2;
  const first = Float32Array.from(
    { length: rows * cols },
    (_, i) => (left(i) ? 0.8 : 0.2) + 0.3 * (noise.uniform() - 0.5),
  );
  const probabilities = Float32Array.from({ length: 2 * rows * cols }, (_, i) =>
    i % 2 ? 1 - first[i >> 1] : first[i >> 1],
  );
  const guide = Float32Array.from(first, (_, i) => (left(i) ? 10 : 30));
  const result = guided(mapFrom(rows, cols, probabilities, new Uint8Array(rows * cols)), guide);
  for (let i = 0; i < rows * cols; i++) {
    const wanted = left(i) ? 0.8 : 0.2;
    // Noise of ±0.15 has a standard deviation of 0.087; 25 pixels and more are averaged twice. The edge itself, where the
    // step of 0.6 meets the penalty (variance 0.25 against 0.01), may keep 4 % of it.
    expect(Math.abs(result.probabilities[2 * i] - wanted)).toBeLessThan(0.09);
  }
  expect([...result.classes].every((label, i) => label === (left(i) ? 1 : 2))).toBe(true);
});

test("rejected pixels and pixels without a finite guide stay as they were, and nobody sees them", () => {
  const stream = random(9);
  const probabilities = Float32Array.from({ length: 36 * 2 }, () => stream.uniform());
  const rejected = Uint8Array.from({ length: 36 }, (_, i) => (i === 7 ? 5 : i === 20 ? 9 : 0));
  const guide = Float32Array.from({ length: 36 }, (_, i) => (i === 13 ? Number.NaN : i));
  const map = mapFrom(6, 6, probabilities, rejected);
  const result = guided(map, guide);
  for (const i of [7, 13, 20]) {
    expect([...result.probabilities.slice(2 * i, 2 * i + 2)]).toEqual([...probabilities.slice(2 * i, 2 * i + 2)]);
  }
  expect(result.rejected).toEqual(rejected);
  const other = probabilities.slice();
  for (const i of [7, 13, 20]) other.fill(0.123, 2 * i, 2 * i + 2);
  const again = guided({ ...map, probabilities: other }, guide);
  for (let i = 0; i < 72; i++)
    if (![7, 13, 20].includes(i >> 1)) expect(again.probabilities[i]).toBe(result.probabilities[i]);
});

test("smoothing that leaves a best class below the threshold makes the pixel unclassified", () => {
  const map = mapFrom(1, 2, Float32Array.of(0.9, 0.1, 0.1, 0.9), new Uint8Array(2));
  const result = guided(map, Float32Array.of(5, 5), { threshold: 0.6 });
  // One flat window over both pixels: each becomes 0.5 and 0.5.
  expect([...result.rejected]).toEqual([9, 9]);
  expect([...result.classes]).toEqual([0, 0]);
});

test("a map of one pixel and a map of rejected pixels only come back as they were", () => {
  const one = mapFrom(1, 1, Float32Array.of(0.25, 0.75), new Uint8Array(1));
  expect([...guided(one, Float32Array.of(3)).classes]).toEqual([2]);
  const none = drawn(["xx", ".."]);
  expect(guided(none, new Float32Array(4))).toEqual(none);
  expect(majority(none)).toEqual(none);
});

test("a guide of another size than the map is refused", () => {
  expect(() => guided(drawn(["111", "121", "111"]), new Float32Array(4))).toThrow(/4 values, the map 9 pixels/);
});
