import { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";
import type { Quantity, Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams, wavenumberRange } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { selectBands } from "./select-bands.js";

/** Parameters of {@link cut}. */
export const cutParams = z.strictObject({
  ranges: z
    .array(wavenumberRange)
    .min(1)
    .describe("Ranges in cm-1 to drop, each [low, high], both ends included; one range or more."),
});

/**
 * Drop the bands inside the ranges, both ends included; the rest stays as it is.
 * A range that holds no band drops nothing. Later windows, integrals and derivatives treat what is cut as a gap.
 */
export function cut<Q extends Quantity>(
  spectra: Spectra<Q>,
  params: z.input<typeof cutParams>,
  kernels: Kernels = twinKernels(),
): Spectra<Q> {
  const step = prepareCut(spectra.wavenumbers, checkParams("correct", "cut", cutParams, params), kernels, spectra.gaps);
  return applyStep(spectra, spectra.quantity, step, kernels);
}

/** {@link cut} made ready for an axis. */
export function prepareCut(
  wavenumbers: Float64Array,
  { ranges }: z.output<typeof cutParams>,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  const kept = Uint8Array.from(wavenumbers, (x) => (ranges.some(([low, high]) => low <= x && x <= high) ? 0 : 1));
  const step = selectBands(wavenumbers, kept, kernels, gaps);
  if (step.wavenumbers.length < 2) {
    const axis = `${wavenumbers[0]}–${wavenumbers[wavenumbers.length - 1]}`;
    throw new SpectraError(
      "params",
      "correct",
      `cut: parameter "ranges" ${JSON.stringify(ranges)} leaves ${step.wavenumbers.length} band(s) of the axis ${axis} cm-1; ` +
        "a spectrum needs 2 or more",
    );
  }
  return step;
}
