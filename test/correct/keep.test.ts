import { expect, test } from "vitest";
import { keep } from "#correct/keep";
import { rowsOf, spectraOf } from "./spectra-of.js";

const spectra = spectraOf([[10, 20, 30, 40, 50, 60]], [1000, 1100, 1200, 1300, 1400, 1500]);

test("the bands inside the ranges stay, both ends included", () => {
  const rest = keep(spectra, {
    ranges: [
      [1000, 1100],
      [1350, 1600],
    ],
  });
  expect([...rest.wavenumbers]).toEqual([1000, 1100, 1400, 1500]);
  expect(rowsOf(rest)).toEqual([[10, 20, 50, 60]]);
});

test("overlapping ranges keep a band once", () => {
  const ranges: [number, number][] = [
    [1000, 1200],
    [1100, 1300],
  ];
  expect([...keep(spectra, { ranges }).wavenumbers]).toEqual([1000, 1100, 1200, 1300]);
});

test("a range that the axis does not hold is refused, with the axis there is", () => {
  expect(() => keep(spectra, { ranges: [[2800, 3000]] })).toThrow(
    'keep: parameter "ranges" is 2800–3000 cm-1, where the axis 1000–1500 cm-1 has 0 band(s)',
  );
});
