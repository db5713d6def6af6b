import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link snv}. */
export const snvParams = z.strictObject({
  ddof: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .describe("The divisor of the variance is the number of bands less this, 0 or 1; 0 if not given."),
});

/**
 * Standard normal variate: subtract from every spectrum its mean and divide by its standard deviation over the bands, so that
 * neither an offset nor thickness shows. A constant spectrum becomes zero; one with NaN or ±Inf becomes NaN.
 * Source: Barnes, Dhanoa and Lister (1989), 10.1366/0003702894202201; ddof 0 as in Quasar and SpectroChemPy.
 */
export function snv(
  spectra: Spectra,
  params: z.input<typeof snvParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"normalised"> {
  const checked = checkParams("normalise", "snv", snvParams, params);
  return applyStep(spectra, "normalised", prepareSnv(spectra.wavenumbers, checked, kernels), kernels);
}

/** {@link snv} made ready for an axis. */
export function prepareSnv(
  wavenumbers: Float64Array,
  { ddof }: z.output<typeof snvParams>,
  kernels: Kernels,
): PreparedStep {
  const bands = wavenumbers.length;
  return {
    wavenumbers,
    fold: { does: "scale", by: "deviation", first: ddof },
    apply: (values, count, out) => kernels.snv(values, count, bands, ddof, out),
  };
}
