import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { prepareLine } from "./line-through.js";

/** Parameters of {@link baselineTwoPoint}. */
export const baselineTwoPointParams = z.strictObject({
  anchors: z
    .tuple([z.number().positive(), z.number().positive()])
    .optional()
    .describe("The wavenumbers in cm-1 whose nearest bands become zero; both ends of the axis if not given."),
});

/**
 * Subtract from each spectrum the straight line through its values at two anchors, which become exactly zero.
 * Outside the anchors the line goes on. An anchor that is NaN makes the whole spectrum NaN.
 */
export function baselineTwoPoint(
  spectra: Spectra<"absorbance">,
  params: z.input<typeof baselineTwoPointParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"absorbance"> {
  const checked = checkParams("correct", "baseline-two-point", baselineTwoPointParams, params);
  return applyStep(spectra, "absorbance", prepareBaselineTwoPoint(spectra.wavenumbers, checked, kernels), kernels);
}

/** {@link baselineTwoPoint} made ready for an axis. */
export function prepareBaselineTwoPoint(
  wavenumbers: Float64Array,
  { anchors }: z.output<typeof baselineTwoPointParams>,
  kernels: Kernels,
): PreparedStep {
  return prepareLine(wavenumbers, anchors, kernels, "baseline-two-point", "anchors");
}
