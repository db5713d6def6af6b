import { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { savitzkyGolay } from "./savitzky-golay.js";
import { edges, window } from "./window-params.js";

/** Parameters of {@link derivative}. */
export const derivativeParams = z.strictObject({
  derivative: z
    .union([z.literal(1), z.literal(2)])
    .default(2)
    .describe("1 for the slope per cm-1, 2 for the curvature per cm-2; 2 if not given."),
  window: window.default(9).describe("Bands in the window, odd, 3 or more; 9 if not given."),
  order: z
    .int()
    .min(1)
    .max(12)
    .default(3)
    .describe("Degree of the polynomial, at least the derivative and below the window; 3 if not given."),
  edges,
});

/**
 * Differentiate each spectrum once or twice after Savitzky and Golay, per cm-1 along rising wavenumber whatever the file's order:
 * `first-derivative` is in absorbance per cm-1, `second-derivative` in absorbance per cm-2.
 * (Quasar's is per band with edges "nearest"; divide that by the spacing to get this one.)
 * Works inside contiguous stretches of the axis, never across a cut gap; an uneven axis is refused.
 */
export function derivative<D extends 1 | 2 = 2>(
  spectra: Spectra<"absorbance" | "normalised">,
  params: Omit<z.input<typeof derivativeParams>, "derivative"> & { readonly derivative?: D } = {},
  kernels: Kernels = twinKernels(),
): Spectra<D extends 1 ? "first-derivative" : "second-derivative"> {
  const checked = checkParams("correct", "derivative", derivativeParams, params);
  const quantity = checked.derivative === 1 ? "first-derivative" : "second-derivative";
  // The check above made `derivative` the D of the type, or 2 where it was not given.
  const named = quantity as D extends 1 ? "first-derivative" : "second-derivative";
  return applyStep(spectra, named, prepareDerivative(spectra.wavenumbers, checked, kernels, spectra.gaps), kernels);
}

/** {@link derivative} made ready for an axis. */
export function prepareDerivative(
  wavenumbers: Float64Array,
  params: z.output<typeof derivativeParams>,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  return savitzkyGolay(wavenumbers, params, kernels, "derivative", gaps);
}
