import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link minMax}. */
export const minMaxParams = z.strictObject({});

/**
 * Subtract the lowest absorbance of every spectrum and divide by the range, so that it runs from exactly 0 to exactly 1.
 * A constant spectrum becomes zero; one with NaN or ±Inf becomes NaN. (Quasar's "min-max" divides without subtracting.)
 */
export function minMax(spectra: Spectra, kernels: Kernels = twinKernels()): Spectra<"normalised"> {
  return applyStep(spectra, "normalised", prepareMinMax(spectra.wavenumbers, {}, kernels), kernels);
}

/** {@link minMax} made ready for an axis. */
export function prepareMinMax(
  wavenumbers: Float64Array,
  _params: z.output<typeof minMaxParams>,
  kernels: Kernels,
): PreparedStep {
  const bands = wavenumbers.length;
  return {
    wavenumbers,
    fold: { does: "scale", by: "range" },
    apply: (values, count, out) => kernels.minMax(values, count, bands, out),
  };
}
