import { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import { integralWeights } from "../cube/integral.js";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link areaNorm}. */
export const areaNormParams = z.strictObject({});

/**
 * Divide every spectrum by its integral over the whole axis in cm-1 (trapezoid, gaps not counted), so that its area is 1.
 * The integral does not depend on the order of the axis in the file. A spectrum whose area is not above zero becomes NaN:
 * dividing would turn it over.
 */
export function areaNorm(spectra: Spectra, kernels: Kernels = twinKernels()): Spectra<"normalised"> {
  return applyStep(spectra, "normalised", prepareAreaNorm(spectra.wavenumbers, {}, kernels, spectra.gaps), kernels);
}

/** {@link areaNorm} made ready for an axis. */
export function prepareAreaNorm(
  wavenumbers: Float64Array,
  _params: z.output<typeof areaNormParams>,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  const bands = wavenumbers.length;
  const weights = kernels.float64(bands);
  weights.set(integralWeights(wavenumbers, 0, bands, gaps));
  return {
    wavenumbers,
    fold: { does: "scale", by: "area", weights, first: 0, end: bands },
    apply: (values, count, out) => kernels.areaScale(values, count, bands, weights, 0, bands, out),
  };
}
