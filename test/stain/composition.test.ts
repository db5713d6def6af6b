import { expect, test } from "vitest";
import { addToComposition, composition, compositionOf, openComposition } from "#stain/composition";
import { paletteFor } from "#stain/palettes";
import { drawn, sixClasses } from "./maps.js";

const palette = paletteFor(sixClasses);

test("three pixels of cancer and one of benign at 100 µm are 75 % and 0.03 mm², 25 % and 0.01 mm²", () => {
  const { rows, byReason, pixels } = composition(drawn(["11?", "12x", ".mm"]), { palette, pixelSizeUm: 100 });
  expect(rows.map(({ name }) => name)).toEqual([...sixClasses.slice(1), "unclassified", "rejected"]);
  expect(rows[0]).toEqual({
    name: "cancer",
    colour: [213, 94, 0],
    pixels: 3,
    percent: 75,
    areaMm2: 0.03,
    meanProbability: 0.75,
  });
  expect(rows[1]).toMatchObject({ pixels: 1, percent: 25, areaMm2: 0.01 });
  expect(rows[2]).toMatchObject({ pixels: 0, percent: 0, areaMm2: 0, meanProbability: null });
  expect(rows[6]).toMatchObject({
    name: "unclassified",
    pixels: 1,
    percent: null,
    areaMm2: 0.01,
    meanProbability: null,
  });
  expect(rows[7]).toMatchObject({ name: "rejected", pixels: 4, percent: null, areaMm2: 0.04 });
  expect(byReason).toEqual({ kept: 4, "no tissue": 1, noise: 1, masked: 2, unclassified: 1 });
  expect(pixels).toBe(9);
});

test("without a pixel size every area is null", () => {
  const { rows } = composition(drawn(["12"]), { palette });
  expect(rows.map(({ areaMm2 }) => areaMm2)).toEqual(Array(8).fill(null));
});

test("a map of rejected pixels only has no percent at all, not NaN", () => {
  const { rows, byReason } = composition(drawn(["xx"]), { palette, pixelSizeUm: 5.5 });
  expect(rows.map(({ percent }) => percent)).toEqual(Array(8).fill(null));
  expect(byReason).toEqual({ noise: 2 });
});

test("counted in blocks, in any order, the numbers are the same to the last bit", () => {
  const map = drawn(["1234", "5612", "3?x1", "2211"]);
  const probabilities = map.probabilities.map((p, i) => p * (0.9 + 0.1 * Math.sin(i)));
  const whole = composition({ ...map, probabilities }, { palette, pixelSizeUm: 1.1 });
  const counts = openComposition(map.classNames, map.labels);
  for (const row of [2, 0, 3, 1]) {
    const [start, end] = [row * 4, row * 4 + 4];
    addToComposition(
      counts,
      map.classes.subarray(start, end),
      probabilities.subarray(start * 6, end * 6),
      map.rejected.subarray(start, end),
    );
  }
  expect(compositionOf(counts, palette, 1.1)).toEqual(whole);
});

test("label values need not be 1, 2, 3: the probability of a class is found by its label", () => {
  const map = {
    ...drawn(["1"], ["unclassified", "a", "b"]),
    classNames: ["unclassified", "", "", "a", "", "b"],
    labels: Uint8Array.of(3, 5),
    classes: Uint8Array.of(5),
    probabilities: Float32Array.of(0.25, 0.75),
  };
  const { rows } = composition(map, { palette: paletteFor(["a", "b"]) });
  expect(rows.slice(0, 2).map(({ name, pixels, meanProbability }) => [name, pixels, meanProbability])).toEqual([
    ["a", 0, null],
    ["b", 1, 0.75],
  ]);
});
