import { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import { integralWeights } from "../cube/integral.js";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { withBands } from "../cube/with-bands.js";
import { applyStep } from "../kernels/apply-step.js";
import { bandsOf, checkParams, wavenumberRange } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link amideIArea}. */
export const amideIAreaParams = z.strictObject({
  range: wavenumberRange
    .default([1600, 1700])
    .describe("The amide I range in cm-1, [low, high]; [1600, 1700] if not given."),
});

/**
 * Divide every spectrum by the integral of amide I in cm-1: trapezoid over the sample points inside the range, nothing
 * interpolated at its limits, whatever lies under the spectrum included. Correct the baseline first.
 * A spectrum whose integral is not above zero becomes NaN.
 */
export function amideIArea(
  spectra: Spectra,
  params: z.input<typeof amideIAreaParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"normalised"> {
  const checked = checkParams("normalise", "amide-i-area", amideIAreaParams, params);
  return applyStep(
    spectra,
    "normalised",
    prepareAmideIArea(spectra.wavenumbers, checked, kernels, spectra.gaps),
    kernels,
  );
}

/** {@link amideIArea} made ready for an axis. */
export function prepareAmideIArea(
  wavenumbers: Float64Array,
  { range }: z.output<typeof amideIAreaParams>,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  const bands = wavenumbers.length;
  const [start, end] = bandsOf(wavenumbers, range, 2, "normalise", "amide-i-area", "range");
  const weights = kernels.float64(end - start);
  weights.set(integralWeights(wavenumbers, start, end, gaps));
  return {
    wavenumbers,
    reads: (wanted) => withBands(wanted, start, end),
    fold: { does: "scale", by: "area", weights, first: start, end },
    apply: (values, count, out) => kernels.areaScale(values, count, bands, weights, start, end - start, out),
  };
}
