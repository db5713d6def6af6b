import { expect, test } from "vitest";
import { cut } from "#correct/cut";
import { segments } from "#cube/axis";
import { SpectraError } from "#cube/errors";
import { simdKernels } from "#kernels/simd-kernels";
import { rowsOf, spectraOf } from "./spectra-of.js";

const spectra = spectraOf(
  [
    [10, 20, 30, 40, 50, 60],
    [11, 21, 31, 41, 51, 61],
  ],
  [1000, 1100, 1200, 1300, 1400, 1500],
);

test("the bands inside the ranges go, both ends included, and the others keep their numbers", () => {
  const rest = cut(spectra, {
    ranges: [
      [1100, 1200],
      [1450, 1600],
    ],
  });
  expect([...rest.wavenumbers]).toEqual([1000, 1300, 1400]);
  expect(rowsOf(rest)).toEqual([
    [10, 40, 50],
    [11, 41, 51],
  ]);
});

test("the kernels in SIMD copy the same bands", () => {
  expect(rowsOf(cut(spectra, { ranges: [[1090, 1310]] }, simdKernels()))).toEqual([
    [10, 50, 60],
    [11, 51, 61],
  ]);
});

test("what is cut is a gap from then on", () => {
  const long = spectraOf([Array.from({ length: 20 }, (_, i) => i)]);
  expect(segments(cut(long, { ranges: [[8, 12]] }).wavenumbers)).toEqual([
    [0, 7],
    [7, 15],
  ]);
});

test("a range without bands drops nothing", () => {
  expect(cut(spectra, { ranges: [[2250, 2450]] }).bands).toBe(6);
});

test("cutting nearly everything is refused", () => {
  expect(() => cut(spectra, { ranges: [[1000, 1450]] })).toThrow(SpectraError);
  expect(() => cut(spectra, { ranges: [[1000, 1450]] })).toThrow("leaves 1 band(s) of the axis 1000–1500 cm-1");
});

test("a range with its ends swapped is refused", () => {
  expect(() => cut(spectra, { ranges: [[1200, 1100]] })).toThrow("the lower wavenumber comes first");
});
