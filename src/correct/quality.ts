import { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import { integralWeights } from "../cube/integral.js";
import { reasonCode } from "../cube/rejected.js";
import type { Spectra } from "../cube/spectra.js";
import type { Mark, PreparedStep } from "../cube/step.js";
import { stretchesOf, withBands } from "../cube/with-bands.js";
import { bandsOf, checkParams, wavenumberRange } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { lineResidual } from "./line-residual.js";

/** Parameters of {@link quality}. */
export const qualityParams = z.strictObject({
  saturated: z
    .number()
    .positive()
    .nullable()
    .default(2.5)
    .describe("Saturated: any absorbance above this; null for no check; 2.5 if not given."),
  amideI: wavenumberRange
    .default([1600, 1700])
    .describe("The amide I range in cm-1, [low, high], that the checks below look at; [1600, 1700] if not given."),
  minimumMean: z
    .number()
    .nullable()
    .default(0.05)
    .describe("No tissue: mean absorbance in the amide I range below this; null for no check; 0.05 if not given."),
  minimumIntegral: z
    .number()
    .nullable()
    .default(null)
    .describe(
      "No tissue: integral over the amide I range in cm-1 below this; null for no check; no check if not given.",
    ),
  position: wavenumberRange
    .nullable()
    .default(null)
    .describe(
      "Amide I: the highest band of the amide I range must lie in [low, high] cm-1; null for no check; no check if not given.",
    ),
  quiet: wavenumberRange
    .nullable()
    .default(null)
    .describe("Noise: a range without bands in cm-1, such as [1800, 1900]; null for no check; no check if not given."),
  signalToNoise: z
    .number()
    .positive()
    .default(20)
    .describe("Noise: height of amide I over the noise in the quiet range must reach this; 20 if not given."),
});

/** What a check finds in the spectrum that starts at `start` of `values`: whether it fails. */
type Check = (values: Float32Array, start: number) => boolean;

/**
 * Give each spectrum the code of the first check it fails, 0 if none (see `rejected.ts`); no number is changed. In order:
 * not finite; constant; saturated; no tissue, by the mean absorbance or the integral (trapezoid, cm-1) of the amide I range;
 * amide I position, the band with the highest absorbance there; noise, where the height of amide I above the mean of the quiet
 * range, over the standard deviation (divisor n − 2) about a straight line in the quiet range, is too small.
 * All limits are in absorbance or cm-1, so that they do not depend on the number of bands. In a pipeline the first three look only at
 * bands that a later step makes use of and at the ranges named here: what `keep` drops rejects nothing.
 */
export function quality(spectra: Spectra<"absorbance">, params: z.input<typeof qualityParams> = {}): Uint8Array {
  const checked = checkParams("correct", "quality", qualityParams, params);
  const rejected = new Uint8Array(spectra.count);
  const step = prepareQuality(spectra.wavenumbers, checked, twinKernels(), spectra.gaps);
  step.mark!(spectra.values, spectra.count, rejected);
  return rejected;
}

/** {@link quality} made ready for an axis: a step that only marks. What every pixel is asked is a kernel, the rarer checks are not. */
export function prepareQuality(
  wavenumbers: Float64Array,
  params: z.output<typeof qualityParams>,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  const bands = wavenumbers.length;
  const { saturated, minimumMean, minimumIntegral, position, quiet, signalToNoise } = params;
  /** The bands that the checks which are on look at by their own ranges. */
  let own: Uint8Array = new Uint8Array(bands);
  const named = (range: [number, number], atLeast: number, parameter: string) => {
    const [from, to] = bandsOf(wavenumbers, range, atLeast, "correct", "quality", parameter);
    own = withBands(own, from, to);
    return [from, to];
  };
  const amideI = (atLeast: number) => named(params.amideI, atLeast, "amideI");
  const sums: { from: number; weights: Float64Array; minimum: number }[] = [];
  if (minimumMean !== null) {
    const [from, to] = amideI(1);
    sums.push({ from, weights: new Float64Array(to - from).fill(1 / (to - from)), minimum: minimumMean });
  }
  if (minimumIntegral !== null) {
    const [from, to] = amideI(2);
    sums.push({ from, weights: integralWeights(wavenumbers, from, to, gaps), minimum: minimumIntegral });
  }
  const first = sums.shift() ?? { from: 0, weights: new Float64Array(0), minimum: Number.NEGATIVE_INFINITY };
  const weights = kernels.float64(first.weights.length);
  weights.set(first.weights);
  const marks = kernels.uint8(4);
  marks.set((["not finite", "constant", "saturated", "no tissue"] as const).map(reasonCode));
  const limit = saturated ?? Number.POSITIVE_INFINITY;

  const checks: { code: number; fails: Check }[] = sums.map(({ from, weights, minimum }) => ({
    code: reasonCode("no tissue"),
    fails: (values, start) => weighted(values, start + from, weights) < minimum,
  }));
  if (position !== null) {
    const [from, to] = amideI(2);
    const fails: Check = (values, start) => {
      let best = from;
      for (let band = from + 1; band < to; band++) if (values[start + band] > values[start + best]) best = band;
      return wavenumbers[best] < position[0] || wavenumbers[best] > position[1];
    };
    checks.push({ code: reasonCode("amide I"), fails });
  }
  if (quiet !== null) {
    const [from, to] = amideI(1);
    const [quietFrom, quietTo] = named(quiet, 5, "quiet");
    const residual = lineResidual(wavenumbers.subarray(quietFrom, quietTo));
    const fails: Check = (values, start) => {
      const { mean, deviation } = residual(values, start + quietFrom);
      return highest(values, start + from, start + to) - mean < signalToNoise * deviation;
    };
    checks.push({ code: reasonCode("noise"), fails });
  }
  const markWithin = (looked: Uint8Array): Mark => {
    const found = stretchesOf(looked.map((one, band) => one | own[band]));
    const stretches = kernels.int32(found.length);
    stretches.set(found);
    return (values, count, rejected) => {
      // biome-ignore format: one call, in the kernel's order
      kernels.checkSpectra(values, count, bands, stretches, found.length / 2, limit, weights, first.from, weights.length, first.minimum, marks, rejected);
      if (!checks.length) return;
      for (let row = 0; row < count; row++) {
        for (let i = 0; i < checks.length && rejected[row] === 0; i++) {
          if (checks[i].fails(values, row * bands)) rejected[row] = checks[i].code;
        }
      }
    };
  };
  return {
    wavenumbers,
    mark: markWithin(new Uint8Array(bands).fill(1)),
    markWithin,
    reads: (wanted) => wanted.map((one, band) => one | own[band]),
  };
}

function highest(values: Float32Array, start: number, end: number): number {
  let high = values[start];
  for (let i = start + 1; i < end; i++) if (values[i] > high) high = values[i];
  return high;
}

function weighted(values: Float32Array, start: number, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * values[start + i];
  return sum;
}
