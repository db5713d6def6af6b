import { describe, expect, test } from "vitest";
import { correctMethods } from "#correct/prepare";
import { SpectraError } from "#cube/errors";
import { random } from "#cube/random";
import type { PreparedStep } from "#cube/step";
import type { Kernels } from "#kernels/kernels";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { normaliseMethods } from "#normalise/prepare";

/** What every method is run with here: its defaults, and the least that a method without defaults needs. */
const examples: Record<string, Record<string, unknown>[]> = {
  quality: [{}, { minimumIntegral: 5, position: [1630, 1680], quiet: [1705, 1730] }],
  keep: [{ ranges: [[1590, 1710]] }],
  cut: [{ ranges: [[1640, 1643]] }],
  resample: [
    { start: 1601, stop: 1691, step: 3 },
    { start: 1601, stop: 1691, step: 3, interpolation: "cubic" },
  ],
  offset: [{}, { subtract: "mean", range: [1600, 1700] }],
  smooth: [{}, { window: 5, edges: "nearest" }, { window: 5, edges: "trim" }],
  derivative: [{}, { derivative: 1, window: 5, edges: "nearest" }],
  "baseline-rubberband": [{}, { hull: "upper" }],
  "baseline-linear": [{}, { points: [1600, 1650, 1690] }],
  "baseline-polynomial": [{}, { order: 4, ranges: [[1500, 1900]] }],
  "baseline-asymmetric": [{}, { lambda: 100, asymmetry: 0.05, cap: 5 }],
  "amide-i-height": [{}],
  "amide-i-area": [{}],
  snv: [{}, { ddof: 1 }],
};

/** The bound of SIMD against the twin, in steps of 2⁻²⁴ of the largest number of the row; 0 means the same bytes. */
const steps: Record<string, number> = {
  // A product with a scale rounded to float32 in one, in Float64 in the other; sums in another order.
  vector: 4,
  area: 4,
  "amide-i-area": 4,
  snv: 4,
  // Three float32 operations against one rounding at the end.
  "baseline-linear": 8,
  "baseline-two-point": 8,
  // Float64 sums in another order, seen after one rounding to float32.
  "baseline-polynomial": 2,
};

const cases = [
  ...Object.entries(correctMethods).map(([name, method]) => ({ verb: "correct", name, method })),
  ...Object.entries(normaliseMethods).map(([name, method]) => ({ verb: "normalise", name, method })),
].flatMap(({ verb, name, method }) =>
  (examples[name] ?? [{}]).map((params) => ({ verb, name, method, params, title: JSON.stringify(params) })),
);

/** Amide-like spectra with noise and a slope, around 1650 cm-1 at 3 cm-1: positive, none constant, no two alike. */
function spectraOn(wavenumbers: Float64Array, count: number): Float32Array {
  const stream = random(count);
  return Float32Array.from({ length: count * wavenumbers.length }, (_, i) => {
    const x = wavenumbers[i % wavenumbers.length];
    const height = 0.3 + 0.1 * (Math.floor(i / wavenumbers.length) % 7);
    return height * Math.exp(-(((x - 1652) / 25) ** 2)) + 0.1 + 1e-4 * (x - 1600) + 0.01 * stream.uniform();
  });
}

const axisOf = (bands: number) =>
  Float64Array.from({ length: bands }, (_, i) => 1650 + 3 * (i - Math.floor(bands / 2)));

/** Run a step on a block of its room: what comes out, and the marks. */
function run(step: PreparedStep, values: Float32Array, count: number, kernels: Kernels) {
  const from = kernels.float32(values.length);
  from.set(values);
  const rejected = kernels.uint8(count);
  step.mark?.(from, count, rejected);
  const out = kernels.float32(count * step.wavenumbers.length);
  if (step.apply) step.apply(from, count, out);
  else out.set(from);
  return { out: Float32Array.from(out), rejected: Uint8Array.from(rejected), from };
}

/** Whether two arrays are the same to the byte, NaN included. */
const sameBytes = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

test("every method of both verbs is held to the contract", () => {
  const held = new Set(cases.map(({ verb, name }) => `${verb} ${name}`));
  expect(held.size).toBe(Object.keys(correctMethods).length + Object.keys(normaliseMethods).length);
  for (const name of Object.keys(examples))
    expect(
      [...held].some((h) => h.endsWith(` ${name}`)),
      name,
    ).toBe(true);
});

describe.each(cases)("$verb $name $title", ({ name, method, params }) => {
  const wavenumbers = axisOf(101);
  const values = spectraOn(wavenumbers, 17);

  describe.each([twinKernels, simdKernels])("%o", (make) => {
    test("the input is unchanged, and so is the axis", () => {
      const kernels = make();
      const axis = wavenumbers.slice();
      const step = method.prepare(axis, params, kernels);
      const { from } = run(step, values, 17, kernels);
      expect(sameBytes(from, values)).toBe(true);
      expect(axis).toEqual(wavenumbers);
    });

    test("one block gives the bytes of many", () => {
      const kernels = make();
      const step = method.prepare(wavenumbers, params, kernels);
      const whole = run(step, values, 17, kernels);
      for (const rows of [1, 2, 3, 8]) {
        for (let row = 0; row < 17; row += rows) {
          const count = Math.min(rows, 17 - row);
          const part = run(step, values.subarray(row * 101, (row + count) * 101), count, kernels);
          const bands = step.wavenumbers.length;
          expect(sameBytes(part.out, whole.out.slice(row * bands, (row + count) * bands))).toBe(true);
          expect(part.rejected).toEqual(whole.rejected.slice(row, row + count));
        }
      }
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY])("a spectrum with %d stays alone", (bad) => {
      const kernels = make();
      const step = method.prepare(wavenumbers, params, kernels);
      const clean = run(step, values, 17, kernels);
      const spoilt = values.slice();
      // The first, the last, one in the middle, and a whole row.
      spoilt[50] = bad;
      spoilt.fill(bad, 8 * 101, 9 * 101);
      spoilt[16 * 101 + 100] = bad;
      const dirty = run(step, spoilt, 17, kernels);
      const bands = step.wavenumbers.length;
      for (let row = 0; row < 17; row++) {
        if ([0, 8, 16].includes(row)) continue;
        expect(
          sameBytes(dirty.out.slice(row * bands, (row + 1) * bands), clean.out.slice(row * bands, (row + 1) * bands)),
        ).toBe(true);
        expect(dirty.rejected[row]).toBe(clean.rejected[row]);
      }
      expect(dirty.out.slice(8 * bands, 9 * bands).some(Number.isFinite)).toBe(false);
    });

    test("the parameters survive JSON", () => {
      const kernels = make();
      // With every default filled in, as they are kept in a model and posted to a worker.
      const whole = method.params.parse(params);
      expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
      const direct = run(method.prepare(wavenumbers, params, kernels), values, 17, kernels);
      const posted = run(method.prepare(wavenumbers, JSON.parse(JSON.stringify(whole)), kernels), values, 17, kernels);
      expect(sameBytes(posted.out, direct.out)).toBe(true);
      expect(posted.rejected).toEqual(direct.rejected);
    });
  });

  test("SIMD is the twin, to the stated bound, at every number of bands and rows around the lanes", () => {
    let compared = 0;
    for (const bands of [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 61, 62, 63, 64, 65, 101]) {
      const axis = axisOf(bands);
      for (let count = 0; count <= 17; count++) {
        const spectra = spectraOn(axis, count);
        const [twin, simd] = [twinKernels(), simdKernels()].map((kernels) => {
          const step = prepareWherePossible(() => method.prepare(axis, params, kernels));
          return step && { ...run(step, spectra, count, kernels), bands: step.wavenumbers.length };
        });
        expect(simd === undefined).toBe(twin === undefined);
        if (!twin || !simd) break;
        compared++;
        expect(simd.rejected).toEqual(twin.rejected);
        if (!steps[name]) expect(sameBytes(simd.out, twin.out)).toBe(true);
        else expect(distance(twin.out, simd.out, spectra, bands, twin.bands)).toBeLessThanOrEqual(steps[name]);
      }
    }
    expect(compared).toBeGreaterThanOrEqual(3 * 18);
  });

  test("a parameter that does not exist is refused, with the method and the parameters there are", () => {
    const attempt = () => method.prepare(wavenumbers, { ...params, nonesuch: 1 }, twinKernels());
    expect(attempt).toThrow(SpectraError);
    expect(attempt).toThrow(`${name} has no parameter "nonesuch"; its parameters are: `);
  });

  test("every parameter says what it is", () => {
    for (const [parameter, schema] of Object.entries(method.params.shape)) {
      expect((schema as { description?: string }).description, parameter).toMatch(/^[A-Z"1].{15,}\.$/);
    }
  });
});

/** A method may refuse an axis that is too short for it; anything else it throws is a bug. */
function prepareWherePossible(prepare: () => PreparedStep): PreparedStep | undefined {
  try {
    return prepare();
  } catch (thrown) {
    if (thrown instanceof SpectraError && thrown.kind === "params") return undefined;
    throw thrown;
  }
}

/** Largest difference in steps of 2⁻²⁴ of the largest number of its row, before or after. */
function distance(
  twin: Float32Array,
  simd: Float32Array,
  input: Float32Array,
  bands: number,
  outBands: number,
): number {
  const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let most = 0;
  for (let row = 0; row * bands < input.length; row++) {
    const result = twin.subarray(row * outBands, (row + 1) * outBands);
    // Where numbers are subtracted the larger ones before it set the rounding; where they are scaled the ones after it.
    const size = Math.max(largest(result), largest(input.subarray(row * bands, (row + 1) * bands)));
    for (const [i, value] of result.entries()) {
      const other = simd[row * outBands + i];
      if (Number.isNaN(value) && Number.isNaN(other)) continue;
      most = Math.max(most, Math.abs(value - other) / (size * 2 ** -24));
      if (Number.isNaN(most)) return Number.POSITIVE_INFINITY;
    }
  }
  return most;
}
