import { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import type { Quantity, Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { savitzkyGolay } from "./savitzky-golay.js";
import { edges, window } from "./window-params.js";

/** Parameters of {@link smooth}. */
export const smoothParams = z.strictObject({
  window: window.default(9).describe("Bands in the window, odd, 3 or more; 9 if not given."),
  order: z.int().min(0).max(12).default(3).describe("Degree of the polynomial, below the window; 3 if not given."),
  edges,
});

/**
 * Smooth each spectrum after Savitzky and Golay: every band becomes the value of the polynomial fitted to the window around it.
 * Works inside contiguous stretches of the axis, never across a cut gap; an uneven axis is refused.
 * NaN spreads to the bands whose window holds it, in its own spectrum only.
 */
export function smooth<Q extends Quantity>(
  spectra: Spectra<Q>,
  params: z.input<typeof smoothParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<Q> {
  const checked = checkParams("correct", "smooth", smoothParams, params);
  const step = prepareSmooth(spectra.wavenumbers, checked, kernels, spectra.gaps);
  return applyStep(spectra, spectra.quantity, step, kernels);
}

/** {@link smooth} made ready for an axis. */
export function prepareSmooth(
  wavenumbers: Float64Array,
  params: z.output<typeof smoothParams>,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  return savitzkyGolay(wavenumbers, { ...params, derivative: 0 }, kernels, "smooth", gaps);
}
