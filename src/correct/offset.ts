import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { withBands } from "../cube/with-bands.js";
import { applyStep } from "../kernels/apply-step.js";
import { bandsOf, checkParams, wavenumberRange } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { bandAt } from "./band-at.js";

/** Parameters of {@link offset}. */
export const offsetParams = z.strictObject({
  subtract: z
    .enum(["minimum", "mean"])
    .default("minimum")
    .describe('What is subtracted from every band: "minimum" or "mean" of the range; minimum if not given.'),
  range: z
    .union([z.number().positive(), wavenumberRange])
    .optional()
    .describe(
      "Where it is taken, in cm-1: [low, high], or one wavenumber for the value of the nearest band; the whole axis if not given.",
    ),
});

/**
 * Subtract one number from each spectrum: its minimum or its mean, over the whole axis, a range or a single band.
 * A spectrum with NaN where the number is taken becomes NaN.
 */
export function offset(
  spectra: Spectra<"absorbance">,
  params: z.input<typeof offsetParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"absorbance"> {
  const step = prepareOffset(spectra.wavenumbers, checkParams("correct", "offset", offsetParams, params));
  return applyStep(spectra, "absorbance", step, kernels);
}

/** {@link offset} made ready for an axis. */
export function prepareOffset(wavenumbers: Float64Array, params: z.output<typeof offsetParams>): PreparedStep {
  const bands = wavenumbers.length;
  const [start, end] = bandsFor(wavenumbers, params.range);
  const level = params.subtract === "minimum" ? minimum : mean;
  return {
    wavenumbers,
    reads: (wanted) => withBands(wanted, start, end),
    apply: (values, count, out) => {
      for (let row = 0; row < count; row++) {
        const from = row * bands;
        const subtracted = level(values, from + start, from + end);
        for (let i = from; i < from + bands; i++) out[i] = values[i] - subtracted;
      }
    },
  };
}

function bandsFor(wavenumbers: Float64Array, range: number | [number, number] | undefined): [number, number] {
  if (range === undefined) return [0, wavenumbers.length];
  if (typeof range !== "number") return bandsOf(wavenumbers, range, 1, "correct", "offset", "range");
  const band = bandAt(wavenumbers, range, "offset", "range");
  return [band, band + 1];
}

function minimum(values: Float32Array, start: number, end: number): number {
  let low = Number.POSITIVE_INFINITY;
  for (let i = start; i < end; i++) low = Math.min(low, values[i]);
  return low;
}

function mean(values: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i];
  return sum / (end - start);
}
