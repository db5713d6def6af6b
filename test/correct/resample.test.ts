import { expect, test } from "vitest";
import { resample } from "#correct/resample";
import { SpectraError } from "#cube/errors";
import { golden, ROUNDING } from "./golden.js";
import { difference, rowsOf, spectraOf } from "./spectra-of.js";

const spectra = spectraOf(golden.y, golden.x);
const gapped = spectraOf([[0, 1, 2, 3, 10, 11, 12]], [1000, 1001, 1002, 1003, 1010, 1011, 1012]);

test("linear agrees with numpy.interp", () => {
  expect(difference(rowsOf(resample(spectra, { axis: golden.newAxis })), golden.linear)).toBeLessThan(ROUNDING);
});

test("cubic agrees with scipy's not-a-knot spline", () => {
  const result = resample(spectra, { start: 1503, stop: 1764, step: 2.5, interpolation: "cubic" });
  expect([...result.wavenumbers]).toEqual(golden.newAxis);
  expect(difference(rowsOf(result), golden.cubic)).toBeLessThan(ROUNDING);
});

test("three bands give their parabola, an uneven axis its spline", () => {
  const three = spectraOf([golden.y[0].slice(0, 3)], golden.x.slice(0, 3));
  const parabola = resample(three, { axis: [1500.5, 1505], interpolation: "cubic" });
  expect(difference(rowsOf(parabola), [golden.cubic3])).toBeLessThan(ROUNDING);
  const kept = [0, 1, 3, 4, 7, 8];
  const uneven = spectraOf(
    [kept.map((i) => golden.y[1][i])],
    kept.map((i) => golden.x[i]),
  );
  const axis = [1500.5, 1509, 1520, 1530.5];
  const spline = resample(uneven, { axis, interpolation: "cubic", gaps: "bridge" });
  expect(difference(rowsOf(spline), [golden.cubicUneven])).toBeLessThan(ROUNDING);
});

test("onto its own axis a spectrum stays as it is, to the byte", () => {
  for (const interpolation of ["linear", "cubic"] as const) {
    expect(rowsOf(resample(spectra, { axis: golden.x, interpolation }))).toEqual(rowsOf(spectra));
    const onGapped = resample(gapped, { axis: [...gapped.wavenumbers], interpolation });
    expect(rowsOf(onGapped)).toEqual(rowsOf(gapped));
  }
});

test("an axis given from high to low comes out ascending", () => {
  const result = resample(gapped, { axis: [1002.5, 1001, 1000.5] });
  expect([...result.wavenumbers]).toEqual([1000.5, 1001, 1002.5]);
  expect(rowsOf(result)).toEqual([[0.5, 1, 2.5]]);
});

test("start, stop and step include the stop they fall on", () => {
  const fine = resample(spectraOf([[0, 1]], [900, 1000]), { start: 900, stop: 1000, step: 0.1 });
  expect(fine.bands).toBe(1001);
});

test("outside the axis nothing is made up", () => {
  expect(() => resample(spectra, { start: 1499, stop: 1600, step: 1 })).toThrow(SpectraError);
  expect(() => resample(spectra, { start: 1499, stop: 1600, step: 1 })).toThrow(
    "resample: 1499 cm-1 lies outside 1500–",
  );
  expect(() => resample(spectra, { axis: [1600, 1767] })).toThrow("1767 cm-1 lies outside");
});

test("in a cut gap nothing is made up, unless the gap is to be bridged", () => {
  expect(() => resample(gapped, { axis: [1001, 1005] })).toThrow(
    'resample: 1005 cm-1 lies outside 1000–1003, 1010–1012 cm-1; choose wavenumbers inside, or gaps "bridge"',
  );
  expect(rowsOf(resample(gapped, { axis: [1001, 1005], gaps: "bridge" }))).toEqual([[1, 5]]);
});

test("a wavenumber named twice is refused", () => {
  expect(() => resample(spectra, { axis: [1600, 1700, 1600] })).toThrow('"axis" has 1600 cm-1 twice');
});

test("an axis and a start together are refused, and so is a start alone", () => {
  expect(() => resample(spectra, { axis: [1600, 1700], start: 1600 })).toThrow('give either "axis" or "start"');
  expect(() => resample(spectra, { start: 1600 })).toThrow('give either "axis" or "start"');
});

test("NaN spoils the bands made from it and no others", () => {
  const spoilt = spectraOf([[0, 1, Number.NaN, 3, 4]]);
  expect(rowsOf(resample(spoilt, { axis: [1, 1.5, 2, 2.5, 4, 4.5] }))).toEqual([[0, 0.5, 1, Number.NaN, 3, 3.5]]);
});
