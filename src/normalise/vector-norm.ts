import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link vectorNorm}. */
export const vectorNormParams = z.strictObject({});

/**
 * Scale every spectrum to unit Euclidean length over all its bands, so that section thickness no longer shows.
 * A spectrum of length zero stays zero; one with NaN or ±Inf becomes NaN. (OCTAVVS's "n2" is this times √bands.)
 */
export function vectorNorm(spectra: Spectra, kernels: Kernels = twinKernels()): Spectra<"normalised"> {
  return applyStep(spectra, "normalised", prepareVectorNorm(spectra.wavenumbers, {}, kernels), kernels);
}

/** {@link vectorNorm} made ready for an axis. */
export function prepareVectorNorm(
  wavenumbers: Float64Array,
  _params: z.output<typeof vectorNormParams>,
  kernels: Kernels,
): PreparedStep {
  const bands = wavenumbers.length;
  return {
    wavenumbers,
    fold: { does: "scale", by: "length" },
    apply: (values, count, out) => kernels.vectorNorm(values, count, bands, out),
  };
}
