import { expect, test } from "vitest";
import { prepareChemical } from "#stain/chemical";

/** Amide I, then the three bands of the composite. */
function drawnOf(axis: Float64Array, value: (x: number) => number): number[] {
  const out = new Float32Array(4);
  prepareChemical(axis)(Float32Array.from(axis, value), 0, out, 0, 1);
  return [...out];
}
const fingerprint = Float64Array.from({ length: 226 }, (_, i) => 900 + 4 * i);
const full = Float64Array.from({ length: 776 }, (_, i) => 800 + 4 * i);
const tissue = (x: number) =>
  0.1 + x / 1e4 + Math.exp(-(((x - 1656) / 20) ** 2)) + 0.3 * Math.exp(-(((x - 1080) / 20) ** 2));

test("a full-range spectrum is drawn as its fingerprint is, whatever its ends and CO₂ hold", () => {
  const holes = new Map([
    [800, Number.POSITIVE_INFINITY],
    [2348, Number.NaN],
    [3900, Number.NaN],
  ]);
  const cut = drawnOf(fingerprint, tissue);
  expect(cut.every(Number.isFinite)).toBe(true);
  expect(drawnOf(full, (x) => holes.get(x) ?? tissue(x))).toEqual(cut);
});

test("a line has no amide I and no composite", () => {
  for (const value of drawnOf(fingerprint, (x) => 0.2 + x / 1e3)) expect(value).toBeCloseTo(0, 5);
  // Nor has it with a gap inside the amide I range: neither the integral nor the chord under it counts what was not measured.
  const gapped = fingerprint.filter((x) => x < 1640 || x > 1660);
  expect(drawnOf(gapped, (x) => 0.2 + x / 1e3)[0]).toBeCloseTo(0, 5);
});

test("an axis that does not reach a band leaves its picture empty", () => {
  const high = Float64Array.from({ length: 100 }, (_, i) => 2800 + 2 * i);
  expect(drawnOf(high, () => 0.5)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});
