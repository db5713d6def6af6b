import { describe, expect, test } from "vitest";
import type { Kernels } from "#kernels/kernels";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";

const COUNT = 3;

type Run = (kernels: Kernels, values: Float32Array, bands: number, out: Float32Array) => void;

const int32 = (kernels: Kernels, numbers: number[]) => {
  const array = kernels.int32(numbers.length);
  array.set(numbers);
  return array;
};

const float64 = (kernels: Kernels, length: number, at: (i: number) => number) => {
  const array = kernels.float64(length);
  for (let i = 0; i < length; i++) array[i] = at(i);
  return array;
};

/** Each kernel on rows of any length, with its bound in steps of 2⁻²⁴ of numbers about 1; 0 where SIMD is the twin to the byte. */
const cases: [name: keyof Kernels, steps: number, run: Run][] = [
  // The divisor is rounded to float32 in SIMD.
  [
    "areaScale",
    4,
    (k, v, bands, out) =>
      k.areaScale(
        v,
        COUNT,
        bands,
        float64(k, bands, (i) => 1 + i / 8),
        0,
        bands,
        out,
      ),
  ],
  [
    "asymmetricBaseline",
    0,
    (k, v, bands, out) => {
      const penalty = float64(k, 3 * bands, (i) => (i < bands ? 6 : i < 2 * bands ? -4 : 1));
      k.asymmetricBaseline(v, COUNT, bands, penalty, 0.1, 1e-3, 9, k.float64(12 * bands), k.int32(COUNT), out);
    },
  ],
  [
    "gather",
    0,
    (k, v, bands, out) => {
      const half = bands >> 1;
      k.gather(v, COUNT, bands, int32(k, [half, bands - half, 0, half]), 2, bands, out);
    },
  ],
  // Three float32 operations on numbers up to 4 against one rounding.
  [
    "linearBaseline",
    16,
    (k, v, bands, out) => {
      if (bands < 2) return;
      const ramp = k.float32(bands);
      for (let i = 0; i < bands; i++) ramp[i] = i / (bands - 1);
      k.linearBaseline(v, COUNT, bands, int32(k, [0, bands - 1]), 2, ramp, out);
    },
  ],
  ["minMax", 0, (k, v, bands, out) => k.minMax(v, COUNT, bands, out)],
  ["peakScale", 0, (k, v, bands, out) => k.peakScale(v, COUNT, bands, 0, bands, out)],
  [
    "rubberband",
    0,
    (k, v, bands, out) =>
      k.rubberband(
        v,
        COUNT,
        bands,
        float64(k, bands, (i) => 2 * i + 1),
        1,
        k.int32(3 * bands),
        out,
      ),
  ],
  [
    "slidingSum",
    0,
    (k, v, bands, out) => {
      const weights = float64(k, 3, (i) => [0.3, 0.5, 0.25][i]);
      const runs =
        bands < 3 ? [0, bands, 0, 1, 1] : [0, 1, 0, 2, 1, 1, bands - 1, 0, 3, 0, bands - 1, bands, bands - 2, 2, 0];
      k.slidingSum(v, COUNT, bands, int32(k, runs), runs.length / 5, weights, k.float64(bands), bands, out);
    },
  ],
  // Sums in another order, in Float64; numbers up to √17.
  ["snv", 8, (k, v, bands, out) => k.snv(v, COUNT, bands, 0, out)],
  [
    "subtractFit",
    2,
    (k, v, bands, out) => {
      const curves = float64(k, 2 * bands, (i) => (i < bands ? 0.2 : 0.1 * (i - bands)) / Math.max(bands, 1));
      k.subtractFit(v, COUNT, bands, curves, curves, 2, k.float64(2), out);
    },
  ],
];

describe.each(cases)("%s", (name, steps, run) => {
  test.each(Array.from({ length: 18 }, (_, bands) => bands))("SIMD is the twin at %i bands, to its bound", (bands) => {
    const [twin, simd] = [twinKernels(), simdKernels()].map((kernels) => {
      const values = kernels.float32(COUNT * bands);
      for (let i = 0; i < values.length; i++) values[i] = 1.2 + Math.sin(7 * i + 1);
      const out = kernels.float32(COUNT * bands);
      run(kernels, values, bands, out);
      return out;
    });
    expect(simd.length).toBe(COUNT * bands);
    for (const [i, value] of twin.entries()) {
      expect(Math.abs(simd[i] - value)).toBeLessThanOrEqual(steps * 2 ** -24);
    }
    // A run that wrote nothing would agree too.
    if (bands > 3)
      expect(
        twin.some((value) => value !== 0),
        name,
      ).toBe(true);
  });
});

test.each([0, 0.5])(
  "rows solved together stop each at its own time, the odd last one too: tolerance %d",
  (tolerance) => {
    const [twin, simd] = [twinKernels(), simdKernels()].map((kernels) => {
      const bands = 30;
      const values = kernels.float32(7 * bands);
      for (let i = 0; i < values.length; i++) values[i] = Math.sin(i * i);
      const penalty = float64(kernels, 3 * bands, (i) => (i < bands ? 60 : i < 2 * bands ? -40 : 10));
      const solves = kernels.int32(7);
      const out = kernels.float32(values.length);
      kernels.asymmetricBaseline(
        values,
        7,
        bands,
        penalty,
        0.1,
        tolerance,
        40,
        kernels.float64(12 * bands),
        solves,
        out,
      );
      return { solves: [...solves], out: [...out] };
    });
    expect(simd).toEqual(twin);
    // Neighbours that stop together would prove nothing.
    expect([0, 2, 4].some((row) => twin.solves[row] !== twin.solves[row + 1])).toBe(true);
  },
);
