import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { amideIArea } from "#normalise/amide-i-area";
import { amideIHeight } from "#normalise/amide-i-height";
import { areaNorm } from "#normalise/area-norm";
import { minMax } from "#normalise/min-max";
import { snv } from "#normalise/snv";
import { vectorNorm } from "#normalise/vector-norm";
import { difference, rowsOf, spectraOf } from "../correct/spectra-of.js";

type Rows = number[][];
/** Made by golden/normalise.py from numpy. */
const golden: { x: number[]; y: Rows; snv: Record<string, Rows> } & Record<
  "vector" | "min-max" | "area" | "amide-i-area" | "amide-i-height",
  Rows
> = JSON.parse(readFileSync(new URL("./golden/normalise.golden.json", import.meta.url), "utf8"));

const whole: [number, number] = [1, 5];

describe.each([twinKernels, simdKernels])("%o", (make) => {
  const row = spectraOf([[2, 1, 2, 2, 3]]);
  const goldenSpectra = spectraOf(golden.y, golden.x);
  const divided = (by: number) => [[2 / by, 1 / by, 2 / by, 2 / by, 3 / by]];
  // Numbers up to 2, rounded to float32 twice.
  const close = 2 * 2 * 2 ** -24;

  test("2-1-2-2-3 by its length √22", () => {
    expect(difference(rowsOf(vectorNorm(row, make())), divided(Math.sqrt(22)))).toBeLessThan(close);
  });

  test("2-1-2-2-3 as standard normal variate: less 2, by 0.632", () => {
    const expected = [[0, -1, 0, 0, 1].map((value) => value / 0.6324555320336759)];
    expect(difference(rowsOf(snv(row, {}, make())), expected)).toBeLessThan(close);
  });

  test("2-1-2-2-3 by its highest band 3", () => {
    expect(difference(rowsOf(amideIHeight(row, { range: whole }, make())), divided(3))).toBeLessThan(close);
  });

  test("2-1-2-2-3 by its area 7.5", () => {
    expect(difference(rowsOf(areaNorm(row, make())), divided(7.5))).toBeLessThan(close);
    expect(difference(rowsOf(amideIArea(row, { range: whole }, make())), divided(7.5))).toBeLessThan(close);
  });

  test("2-1-2-2-3 from 0 to 1: Quasar's halves, less their smallest", () => {
    expect(rowsOf(minMax(row, make()))).toEqual([[0.5, 0, 0.5, 0.5, 1]]);
    expect(rowsOf(minMax(row, make()))).toEqual(divided(2).map((values) => values.map((value) => value - 0.5)));
  });

  test("all six agree with numpy on noisy amide bands", () => {
    const within = (result: Rows, expected: Rows) => {
      const largest = Math.max(...expected.flat().map(Math.abs));
      expect(difference(result, expected)).toBeLessThan(largest * 4 * 2 ** -24);
    };
    within(rowsOf(vectorNorm(goldenSpectra, make())), golden.vector);
    within(rowsOf(snv(goldenSpectra, {}, make())), golden.snv[0]);
    within(rowsOf(snv(goldenSpectra, { ddof: 1 }, make())), golden.snv[1]);
    within(rowsOf(minMax(goldenSpectra, make())), golden["min-max"]);
    within(rowsOf(areaNorm(goldenSpectra, make())), golden.area);
    within(rowsOf(amideIArea(goldenSpectra, {}, make())), golden["amide-i-area"]);
    within(rowsOf(amideIHeight(goldenSpectra, {}, make())), golden["amide-i-height"]);
  });

  const positive = fc.array(fc.float({ min: Math.fround(0.01), max: 4, noNaN: true }), { minLength: 5, maxLength: 40 });

  test("thickness does not show after vector, area or SNV", () => {
    fc.assert(
      fc.property(positive, fc.float({ min: Math.fround(0.1), max: 10, noNaN: true }), (values, thickness) => {
        // Exact or not, float32 rounds the thicker spectrum by 2⁻²⁴ of itself.
        const thin = spectraOf([values]);
        const thick = spectraOf([values.map((value) => value * thickness)]);
        const scaled = (normalise: typeof vectorNorm) => {
          const [a, b] = [thin, thick].map((s) => rowsOf(normalise(s, make())));
          return difference(a, b);
        };
        expect(scaled(vectorNorm)).toBeLessThan(4 * 2 ** -23);
        expect(scaled(areaNorm)).toBeLessThan(Math.max(...values) * 100 * 4 * 2 ** -23);
        const [mean, spread] = meanAndSpread(values);
        fc.pre(spread > 0.01);
        expect(scaled((s, kernels) => snv(s, {}, kernels))).toBeLessThan((8 * 2 ** -23 * (mean + 4)) / spread);
      }),
    );
  });

  test("an added constant does not show after SNV", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 2048 }), { minLength: 3, maxLength: 40 }),
        fc.integer({ min: -2048, max: 2048 }),
        (values, level) => {
          // In 1024ths all sums are exact in float32.
          const plain = spectraOf([values.map((value) => value / 1024)]);
          const raised = spectraOf([values.map((value) => (value + level) / 1024)]);
          // Numbers up to √40, one rounding to float32, and Float64 sums of other numbers.
          expect(difference(rowsOf(snv(plain, {}, make())), rowsOf(snv(raised, {}, make())))).toBeLessThan(
            8 * 2 ** -23,
          );
        },
      ),
    );
  });

  test("an offset a thousand times the spread costs SNV no digits", () => {
    const values = [0, 1, 0, -1, 2, 0, 1, 3].map((value) => 1000 + value / 1024);
    const centred = [0, 1, 0, -1, 2, 0, 1, 3];
    const expected = rowsOf(snv(spectraOf([centred]), {}, twinKernels()));
    expect(difference(rowsOf(snv(spectraOf([values]), {}, make())), expected)).toBeLessThan(4 * 2 ** -23);
  });

  test("a zero spectrum stays zero by its length, and a flat one is zero from 0 to 1 and by SNV", () => {
    const zero = spectraOf([[0, 0, 0, 0, 0]]);
    const flat = spectraOf([[0.1, 0.1, 0.1, 0.1, 0.1]]);
    expect(rowsOf(vectorNorm(zero, make()))).toEqual([[0, 0, 0, 0, 0]]);
    expect(rowsOf(minMax(flat, make()))).toEqual([[0, 0, 0, 0, 0]]);
    expect(rowsOf(snv(flat, { ddof: 1 }, make()))).toEqual([[0, 0, 0, 0, 0]]);
  });

  test("a spectrum below zero is not turned over: by area or height it becomes NaN", () => {
    const negative = spectraOf([[-1, -2, -3, -2, -1]]);
    const nothing = [[Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]];
    expect(rowsOf(areaNorm(negative, make()))).toEqual(nothing);
    expect(rowsOf(amideIArea(negative, { range: whole }, make()))).toEqual(nothing);
    expect(rowsOf(amideIHeight(negative, { range: whole }, make()))).toEqual(nothing);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%d makes its whole spectrum NaN",
    (bad) => {
      const spoilt = spectraOf([[1, 2, bad, 2, 1]]);
      const nothing = [Array.from({ length: 5 }, () => Number.NaN)];
      expect(rowsOf(vectorNorm(spoilt, make()))).toEqual(nothing);
      expect(rowsOf(minMax(spoilt, make()))).toEqual(nothing);
      expect(rowsOf(snv(spoilt, {}, make()))).toEqual(nothing);
      expect(rowsOf(areaNorm(spoilt, make()))).toEqual(nothing);
    },
  );

  test("the area does not count what was cut out", () => {
    // Ones at 1…4 and 14…17 cm-1: an area of 3 on each side, and none of the 10 cm-1 between them.
    const gapped = spectraOf([[1, 1, 1, 1, 1, 1, 1, 1]], [1, 2, 3, 4, 14, 15, 16, 17]);
    expect(difference(rowsOf(areaNorm(gapped, make())), [new Array(8).fill(1 / 6)])).toBeLessThan(2 ** -24);
  });
});

test("what comes out is normalised, on the same axis", () => {
  const result = vectorNorm(spectraOf(golden.y, golden.x));
  expect([result.quantity, result.count, [...result.wavenumbers]]).toEqual(["normalised", 3, golden.x]);
});

test("an axis without amide I is refused", () => {
  expect(() => amideIArea(spectraOf([[1, 2, 3]]))).toThrow(
    'amide-i-area: parameter "range" is 1600–1700 cm-1, where the axis 1–3 cm-1 has 0 band(s)',
  );
});

function meanAndSpread(values: number[]): [mean: number, spread: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}
