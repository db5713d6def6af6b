import { expect, test } from "vitest";
import { colourOf, paletteFor, palettes, unclassifiedColour } from "#stain/palettes";
import { sixClasses } from "./maps.js";

/** Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB. */
const dichromacies: Record<string, number[][]> = {
  "normal vision": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const times = (matrix: number[][], vector: number[]) =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));

/** sRGB seen with a dichromacy, as CIELAB (D65). */
function seen(colour: readonly number[], matrix: number[][]): number[] {
  const linear = colour
    .map((value) => value / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const clipped = times(matrix, linear).map((value) => Math.min(1, Math.max(0, value)));
  const toXyz = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.072175],
    [0.0193339, 0.119192, 0.9503041],
  ];
  const white = [0.95047, 1, 1.08883];
  const [x, y, z] = times(toXyz, clipped)
    .map((value, i) => value / white[i])
    .map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The smallest distance of any two of the colours, ΔE*ab. */
function smallestDistance(colours: readonly (readonly number[])[], matrix: number[][]): number {
  const labs = colours.map((colour) => seen(colour, matrix));
  const distances = labs.flatMap((a, i) =>
    labs.slice(i + 1).map((b) => Math.hypot(...a.map((value, k) => value - b[k]))),
  );
  return Math.min(...distances);
}

// 2.3 is a just noticeable difference side by side; 20 is told apart across a picture and from a legend.
test.each(Object.entries(dichromacies))("the six default colours and white stay 20 ΔE apart under %s", (_, matrix) => {
  const palette = paletteFor(sixClasses.slice(1));
  expect(smallestDistance([...Object.values(palette), [255, 255, 255]], matrix)).toBeGreaterThan(20);
});

test("six classes of any other names get six colours that are as far apart", () => {
  const palette = paletteFor(["a", "b", "c", "d", "e", "f"]);
  expect(smallestDistance(Object.values(palette), dichromacies.deuteranopia)).toBeGreaterThan(20);
});

test("the distance sees what a deuteranope does not: red and green of equal lightness are near", () => {
  const pair = [
    [200, 100, 0],
    [128, 128, 0],
  ];
  expect(smallestDistance(pair, dichromacies["normal vision"])).toBeGreaterThan(40);
  expect(smallestDistance(pair, dichromacies.deuteranopia)).toBeLessThan(20);
});

test("a known name keeps its colour whatever stands beside it, and no other name gets that colour", () => {
  const palette = paletteFor(["unlabelled", "muscle", "Cancer", "fat"]);
  expect(palette.Cancer).toEqual([213, 94, 0]);
  expect(palette.muscle).toEqual([0, 114, 178]);
  expect(palette.fat).toEqual([86, 180, 233]);
  expect(palette.unlabelled).toEqual(unclassifiedColour);
});

test("colours repeat after the last, so that any number of classes has some", () => {
  const names = Array.from({ length: 30 }, (_, i) => `class ${i}`);
  const palette = paletteFor(names);
  expect(palette["class 12"]).toEqual(palette["class 0"]);
  expect(Object.keys(palette)).toEqual(names);
});

test("OpenVibSpec colours go by the order of the classes", () => {
  const palette = paletteFor(["unclassified", "x", "y", "z"], "openvibspec");
  expect([palette.x, palette.y, palette.z]).toEqual([
    [255, 145, 145],
    [255, 255, 0],
    [171, 135, 115],
  ]);
});

test("the pathologist's palette has QuPath's tumour red", () => {
  expect(paletteFor(sixClasses, "pathologist").cancer).toEqual([200, 0, 0]);
});

test("every palette gives different colours to the six default classes", () => {
  for (const name of Object.keys(palettes)) {
    expect(new Set(Object.values(paletteFor(sixClasses, name)).map(String)).size, name).toBe(7);
  }
});

test("an unknown palette is refused with the names there are", () => {
  expect(() => paletteFor(["a"], "toString")).toThrow(/colour-blind-safe, pathologist, openvibspec/);
});

test("class names that are names of object properties are names like any other", () => {
  const palette = paletteFor(["__proto__", "constructor"]);
  expect(colourOf(palette, "__proto__")).toEqual([213, 94, 0]);
  expect(colourOf(palette, "constructor")).toEqual([0, 114, 178]);
  expect(colourOf(palette, "toString")).toEqual(unclassifiedColour);
});
