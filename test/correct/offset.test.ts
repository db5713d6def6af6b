import { expect, test } from "vitest";
import { offset } from "#correct/offset";
import { rowsOf, spectraOf } from "./spectra-of.js";

const spectra = spectraOf([
  [3, 1, 2, 5],
  [0, -1, 4, 2],
]);

test("the lowest absorbance becomes zero", () => {
  expect(rowsOf(offset(spectra))).toEqual([
    [2, 0, 1, 4],
    [1, 0, 5, 3],
  ]);
});

test("the mean of a range becomes zero", () => {
  expect(rowsOf(offset(spectra, { subtract: "mean", range: [2, 3] }))).toEqual([
    [1.5, -0.5, 0.5, 3.5],
    [-1.5, -2.5, 2.5, 0.5],
  ]);
});

test("the value of the band nearest to a wavenumber becomes zero", () => {
  expect(rowsOf(offset(spectra, { range: 3.2 }))[0]).toEqual([1, -1, 0, 3]);
});

test("a wavenumber far off the axis is refused", () => {
  expect(() => offset(spectra, { range: 1800 })).toThrow(
    'offset: parameter "range" has 1800 cm-1, outside the axis 1–4 cm-1',
  );
});
