import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { prepareLine } from "./line-through.js";

/** Parameters of {@link baselineLinear}. */
export const baselineLinearParams = z.strictObject({
  points: z
    .array(z.number().positive())
    .min(2)
    .optional()
    .describe(
      "The wavenumbers in cm-1 whose nearest bands become zero, 2 or more; both ends of the axis if not given.",
    ),
});

/**
 * Subtract from each spectrum the straight pieces through its values at the zero points, which become exactly zero.
 * Outside the outermost points the last piece goes on (as Quasar's "linear" baseline does).
 */
export function baselineLinear(
  spectra: Spectra<"absorbance">,
  params: z.input<typeof baselineLinearParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"absorbance"> {
  const checked = checkParams("correct", "baseline-linear", baselineLinearParams, params);
  return applyStep(spectra, "absorbance", prepareBaselineLinear(spectra.wavenumbers, checked, kernels), kernels);
}

/** {@link baselineLinear} made ready for an axis. */
export function prepareBaselineLinear(
  wavenumbers: Float64Array,
  { points }: z.output<typeof baselineLinearParams>,
  kernels: Kernels,
): PreparedStep {
  return prepareLine(wavenumbers, points, kernels, "baseline-linear", "points");
}
