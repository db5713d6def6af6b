import { z } from "zod";
import { type Gaps, gapsIn, segments } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";
import type { Quantity, Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { splineSlopes } from "./spline-slopes.js";

const wavenumber = z.number().positive();

/** Parameters of {@link resample}. */
export const resampleParams = z.strictObject({
  axis: z
    .array(wavenumber)
    .min(2)
    .optional()
    .describe("The new wavenumbers in cm-1, 2 or more, each once; or give start, stop and step."),
  start: wavenumber.optional().describe("First of the new wavenumbers in cm-1, the lowest; with stop and step."),
  stop: wavenumber
    .optional()
    .describe("The new wavenumbers go up to this one, included if a step falls on it; with start and step."),
  step: z
    .number()
    .positive()
    .optional()
    .describe("Spacing of the new wavenumbers in cm-1, above 0; with start and stop."),
  interpolation: z
    .enum(["linear", "cubic"])
    .default("linear")
    .describe('"linear" between neighbouring bands, "cubic" for a not-a-knot cubic spline; linear if not given.'),
  gaps: z
    .enum(["refuse", "bridge"])
    .default("refuse")
    .describe(
      'A new wavenumber in a gap of the axis, where bands were cut away or the file lacks them: "refuse" it, or "bridge" the gap by ' +
        "interpolation; refuse if not given.",
    ),
});

/**
 * Interpolate each spectrum to other wavenumbers. A wavenumber outside the axis, or in a cut gap, is refused: nothing is
 * extrapolated. Neither form averages, so a much coarser new axis keeps the noise of single bands: smooth first.
 */
export function resample<Q extends Quantity>(
  spectra: Spectra<Q>,
  params: z.input<typeof resampleParams>,
  kernels: Kernels = twinKernels(),
): Spectra<Q> {
  const checked = checkParams("correct", "resample", resampleParams, params);
  return applyStep(
    spectra,
    spectra.quantity,
    prepareResample(spectra.wavenumbers, checked, kernels, spectra.gaps),
    kernels,
  );
}

/** {@link resample} made ready for an axis. */
export function prepareResample(
  wavenumbers: Float64Array,
  params: z.output<typeof resampleParams>,
  _kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  const bands = wavenumbers.length;
  const stretches: [number, number][] = params.gaps === "bridge" ? [[0, bands]] : segments(wavenumbers, gaps);
  const targets = targetAxis(params);
  const left = Int32Array.from(targets, (target) => bandLeftOf(wavenumbers, stretches, target));
  const right = Int32Array.from(left, (band) => (stretches.some(([, end]) => end === band + 1) ? band : band + 1));
  // Hermite's cubic on a piece: two values and two slopes, the slopes left out when linear.
  const weights = new Float64Array(4 * targets.length);
  for (let i = 0; i < targets.length; i++) {
    const h = wavenumbers[right[i]] - wavenumbers[left[i]];
    const u = h === 0 ? 0 : Math.min(Math.max((targets[i] - wavenumbers[left[i]]) / h, 0), 1);
    const v = 1 - u;
    const cubic = [(1 + 2 * u) * v * v, u * u * (3 - 2 * u), h * u * v * v, -h * u * u * v];
    weights.set(params.interpolation === "cubic" ? cubic : [v, u, 0, 0], 4 * i);
  }
  const knots = new Float64Array(bands);
  const slopes = new Float64Array(bands);
  const splines = params.interpolation === "cubic" ? stretches : [];
  const solves = splines.map(([start, end]) => {
    const solve = splineSlopes(wavenumbers.subarray(start, end));
    const from = knots.subarray(start, end);
    const to = slopes.subarray(start, end);
    return () => solve(from, to);
  });
  const stretchOf = (band: number) => stretches.findIndex(([, end]) => band < end);
  const own = new Set(gapsIn(targets));
  const broken = (i: number) => i > 0 && (own.has(i) || stretchOf(left[i]) > stretchOf(left[i - 1]));
  return {
    wavenumbers: targets,
    gaps: [...targets.keys()].filter(broken),
    apply: (values, count, out) => {
      for (let row = 0; row < count; row++) {
        for (let band = 0; band < bands; band++) knots[band] = values[row * bands + band];
        for (const solve of solves) solve();
        for (let i = 0; i < targets.length; i++) {
          const a = left[i];
          const b = right[i];
          // A target on a band takes that band alone, so that NaN beside it stays beside it.
          const u = weights[4 * i + 1];
          out[row * targets.length + i] =
            u === 0
              ? knots[a]
              : u === 1
                ? knots[b]
                : weights[4 * i] * knots[a] +
                  u * knots[b] +
                  weights[4 * i + 2] * slopes[a] +
                  weights[4 * i + 3] * slopes[b];
        }
      }
    },
    reads: (wanted) => {
      const read = new Uint8Array(bands);
      for (let i = 0; i < targets.length; i++) {
        if (!wanted[i]) continue;
        // A target on a band takes that band alone.
        const u = weights[4 * i + 1];
        const [from, to] = [u < 1 ? left[i] : right[i], u > 0 ? right[i] : left[i]];
        // Bands that a coarse grid steps over belong to the range that it keeps, as with `keep`; a spline hangs on its whole stretch.
        const joined = wanted[i - 1] && !broken(i);
        if (params.interpolation === "cubic" && u > 0 && u < 1) read.fill(1, ...stretches[stretchOf(from)]);
        else read.fill(1, joined ? left[i - 1] : from, to + 1);
      }
      return read;
    },
  };
}

function targetAxis({ axis, start, stop, step }: z.output<typeof resampleParams>): Float64Array {
  if (axis && start === undefined && stop === undefined && step === undefined) {
    const sorted = Float64Array.from(axis).sort();
    const twice = sorted.find((wavenumber, i) => wavenumber === sorted[i + 1]);
    if (twice === undefined) return sorted;
    throw new SpectraError("params", "correct", `resample: parameter "axis" has ${twice} cm-1 twice; name each once`);
  }
  const given = JSON.stringify({ axis, start, stop, step });
  if (axis || start === undefined || stop === undefined || step === undefined) {
    throw new SpectraError(
      "params",
      "correct",
      `resample has ${given}; give either "axis" or "start", "stop" and "step"`,
    );
  }
  // A hair more than a whole number of steps, so that 900–1800 by 0.1 does not lose its end to rounding.
  const count = Math.floor((stop - start) / step + 1e-6) + 1;
  if (!(count >= 2 && count <= 1e6)) {
    throw new SpectraError(
      "params",
      "correct",
      `resample has ${given}, which makes ${Math.max(count, 0)} wavenumber(s); stop must lie at least one step above start`,
    );
  }
  return Float64Array.from({ length: count }, (_, i) => start + i * step);
}

/** The band at or below a wavenumber, in the same stretch as the band above; refused outside every stretch. */
function bandLeftOf(wavenumbers: Float64Array, stretches: readonly [number, number][], target: number): number {
  // Axes written by different programs differ in the last digits.
  const slack = 1e-6 * target;
  for (const [start, end] of stretches) {
    if (target < wavenumbers[start] - slack || target > wavenumbers[end - 1] + slack) continue;
    let band = start;
    while (band + 2 < end && wavenumbers[band + 1] <= target) band++;
    return band;
  }
  const held = stretches.map(([start, end]) => `${wavenumbers[start]}–${wavenumbers[end - 1]}`).join(", ");
  throw new SpectraError(
    "params",
    "correct",
    `resample: ${target} cm-1 lies outside ${held} cm-1; choose wavenumbers inside` +
      (stretches.length > 1 ? ', or gaps "bridge" to interpolate across the gap' : ""),
  );
}
