import { expect, test } from "vitest";
import { cut } from "#correct/cut";
import { derivative } from "#correct/derivative";
import { keep } from "#correct/keep";
import { quality } from "#correct/quality";
import { resample } from "#correct/resample";
import { smooth } from "#correct/smooth";
import { gapsIn, segments } from "#cube/axis";
import { integralWeights } from "#cube/integral";
import type { Spectra } from "#cube/spectra";
import { amideIArea } from "#normalise/amide-i-area";
import { areaNorm } from "#normalise/area-norm";
import { prepareChemical } from "#stain/chemical";

/** 5.5–11.1 µm in 400 even steps of wavelength, as wavenumbers: the steps grow from 1.1 to 4.6 cm-1. */
const even = Float64Array.from({ length: 400 }, (_, i) => 1e4 / (5.5 + (5.6 * i) / 399)).reverse();
const from = (first: number, last: number, step: number) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
/** The fingerprint by 2 cm-1, the CH stretches by 8: 798 and 200 cm-1 wide. */
const twoSpacings = Float64Array.from([...from(900, 1698, 2), ...from(2800, 3000, 8)]);
/** Discrete frequencies of a QCL. */
const list = Float64Array.of(912, 1030, 1080, 1156, 1236, 1308, 1396, 1454, 1504, 1544, 1656, 1744);

const spectraOn = (wavenumbers: Float64Array, value: (x: number) => number): Spectra<"absorbance"> => ({
  quantity: "absorbance",
  wavenumbers,
  bands: wavenumbers.length,
  count: 1,
  values: Float32Array.from(wavenumbers, value),
});
const band = (x: number) => 0.2 + Math.exp(-(((x - 1655) / 20) ** 2));

/** The trapezoid between two wavenumbers, in Float64, over the sample points as they are. */
function trapezoid(axis: Float64Array, y: ArrayLike<number>, low: number, high: number): number {
  let sum = 0;
  for (let i = 1; i < axis.length; i++) {
    if (axis[i - 1] >= low && axis[i] <= high) sum += ((axis[i] - axis[i - 1]) * (y[i] + y[i - 1])) / 2;
  }
  return sum;
}

test("an axis uniform in µm, one of two spacings and a list of frequencies have no gaps but those that they have", () => {
  expect(gapsIn(even)).toEqual([]);
  expect(gapsIn(Float64Array.from(even).subarray(0, 3))).toEqual([]);
  expect(gapsIn(list)).toEqual([]);
  expect(gapsIn(Float64Array.from([...from(900, 1700, 2), ...from(1708, 3000, 8)]))).toEqual([]);
  expect(gapsIn(twoSpacings)).toEqual([400]);
  expect(gapsIn([...list, 2852, 2924])).toEqual([12]);
});

test("a band or a range that another program cut away is a gap, on an even axis and on one that is even in µm", () => {
  expect(gapsIn([...from(900, 1800, 4), ...from(2700, 3000, 4)])).toEqual([226]);
  expect(gapsIn(from(900, 1000, 4).filter((x) => x !== 940))).toEqual([10]);
  expect(gapsIn(even.filter((_, i) => i !== 200))).toEqual([200]);
  expect(gapsIn(even.filter((_, i) => i < 100 || i >= 150))).toEqual([100]);
  expect(gapsIn(from(900, 1000, 4).filter((x) => x <= 904 || x === 940 || x === 944 || x >= 980))).toEqual([2, 4]);
});

test("a flat spectrum of 1 has the area of what was measured: 998 cm-1 over 900–1698 and 2800–3000", () => {
  const whole = integralWeights(twoSpacings, 0, twoSpacings.length).reduce((sum, weight) => sum + weight, 0);
  expect(whole).toBeCloseTo(798 + 200, 9);
  const { values } = areaNorm(spectraOn(twoSpacings, () => 1));
  expect(values[0]).toBeCloseTo(1 / 998, 9);
});

test("on an axis uniform in µm the amide I map, both area norms and the least integral are the trapezoid", () => {
  const spectra = spectraOn(even, band);
  const whole = trapezoid(even, spectra.values, 0, 1e4);
  const amideI = trapezoid(even, spectra.values, 1600, 1700);
  // 0.2 · (1818.2 − 900.9) + 20 √π, and 0.2 · 100 + 20 √π less what the range leaves out.
  expect(whole).toBeCloseTo(0.2 * (1e4 / 5.5 - 1e4 / 11.1) + 20 * Math.sqrt(Math.PI), 1);
  expect(Math.abs(amideI - (20 + 20 * Math.sqrt(Math.PI)))).toBeLessThan(1);
  expect(areaNorm(spectra).values[200] * whole).toBeCloseTo(spectra.values[200], 5);
  expect(amideIArea(spectra).values[200] * amideI).toBeCloseTo(spectra.values[200], 5);

  const inside = [...even.keys()].filter((i) => even[i] >= 1600 && even[i] <= 1700);
  const [first, last] = [inside[0], inside[inside.length - 1]];
  const chord = ((even[last] - even[first]) * (spectra.values[first] + spectra.values[last])) / 2;
  const drawn = new Float32Array(4);
  prepareChemical(even)(spectra.values, 0, drawn, 0, 1);
  expect(drawn[0]).toBeCloseTo(amideI - chord, 4);

  const limits = [amideI - 0.01, amideI + 0.01].map((minimumIntegral) => [...quality(spectra, { minimumIntegral })]);
  expect(limits[0]).toEqual([0]);
  expect(limits[1]).not.toEqual([0]);
});

test("a list of frequencies is integrated whole, and where one of them is cut away there is a gap", () => {
  const spectra = spectraOn(list, band);
  expect(areaNorm(spectra).values[3] * trapezoid(list, spectra.values, 0, 1e4)).toBeCloseTo(spectra.values[3], 5);
  const rest = cut(spectra, { ranges: [[1236, 1396]] });
  expect(rest.gaps).toEqual([4]);
  const parts = trapezoid(list, spectra.values, 900, 1160) + trapezoid(list, spectra.values, 1400, 1800);
  expect(areaNorm(rest).values[3] * parts).toBeCloseTo(rest.values[3], 5);
});

test("keep makes gaps between its ranges and remembers those that were there; what is kept whole has none", () => {
  const spectra = spectraOn(even, band);
  const twice = keep(cut(spectra, { ranges: [[1200, 1210]] }), {
    ranges: [
      [1000, 1400],
      [1500, 1700],
    ],
  });
  const at = (x: number) => twice.wavenumbers.findIndex((wavenumber) => wavenumber > x);
  expect(twice.gaps).toEqual([at(1205), at(1450)]);
  expect(keep(spectra, { ranges: [[1000, 1400]] }).gaps).toEqual([]);
  // One narrow range cut away leaves a step that no spacing would give away.
  const narrow = cut(spectraOn(twoSpacings, band), { ranges: [[2850, 2857]] });
  expect(segments(narrow.wavenumbers, narrow.gaps)).toHaveLength(3);
});

test("windows stay on their side of a remembered gap, and trimmed edges keep it", () => {
  const axis = Float64Array.from(from(900, 1100, 2));
  const whole = spectraOn(axis, (x) => Math.sin(x / 20));
  const spiked = { ...whole, values: whole.values.map((y, i) => (axis[i] === 1004 ? 1e3 : y)) };
  const cutAway = (spectra: Spectra<"absorbance">) => cut(spectra, { ranges: [[1000, 1000]] });
  for (const edges of ["interp", "nearest", "trim"] as const) {
    const clean = smooth(cutAway(whole), { window: 7, order: 2, edges });
    const other = smooth(cutAway(spiked), { window: 7, order: 2, edges });
    const below = clean.wavenumbers.filter((x) => x < 1000).length;
    expect(other.values.subarray(0, below)).toEqual(clean.values.subarray(0, below));
    expect(clean.gaps).toEqual([below]);
  }
  const thinned = derivative(cut(spectraOn(axis, Math.sqrt), { ranges: [[1000, 1000]] }), { window: 7 });
  expect(thinned.gaps).toEqual([50]);
});

test("an axis that is not even is still refused by windows", () => {
  expect(() => smooth(spectraOn(even, band))).toThrow("smooth needs evenly spaced bands");
  expect(() => derivative(spectraOn(list, band), { window: 5 })).toThrow("derivative needs evenly spaced bands");
  expect(smooth(spectraOn(twoSpacings, band), { window: 5 }).bands).toBe(twoSpacings.length);
});

test("resampling reads between any two bands that belong together, and across a gap only when told to bridge it", () => {
  const spectra = spectraOn(even, (x) => x / 1000);
  expect(resample(spectra, { start: 904, stop: 1816, step: 4 }).values[10]).toBeCloseTo(0.944, 6);
  const holed = cut(spectra, { ranges: [[1200, 1210]] });
  expect(() => resample(holed, { start: 904, stop: 1816, step: 4 })).toThrow("resample: 1200 cm-1 lies outside");
  const apart = resample(holed, { axis: [1190, 1195, 1215, 1220] });
  expect(apart.gaps).toEqual([2]);
  expect(resample(holed, { start: 904, stop: 1816, step: 4, gaps: "bridge" }).gaps).toEqual([]);
});
