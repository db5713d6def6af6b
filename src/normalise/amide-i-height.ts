import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { withBands } from "../cube/with-bands.js";
import { applyStep } from "../kernels/apply-step.js";
import { bandsOf, checkParams, wavenumberRange } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link amideIHeight}. */
export const amideIHeightParams = z.strictObject({
  range: wavenumberRange
    .default([1600, 1700])
    .describe("The amide I range in cm-1, [low, high]; [1600, 1700] if not given."),
});

/**
 * Divide every spectrum by its highest absorbance in the amide I range, which becomes exactly 1. Correct the baseline first.
 * A spectrum whose highest value there is not above zero becomes NaN.
 */
export function amideIHeight(
  spectra: Spectra,
  params: z.input<typeof amideIHeightParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"normalised"> {
  const checked = checkParams("normalise", "amide-i-height", amideIHeightParams, params);
  return applyStep(spectra, "normalised", prepareAmideIHeight(spectra.wavenumbers, checked, kernels), kernels);
}

/** {@link amideIHeight} made ready for an axis. */
export function prepareAmideIHeight(
  wavenumbers: Float64Array,
  { range }: z.output<typeof amideIHeightParams>,
  kernels: Kernels,
): PreparedStep {
  const bands = wavenumbers.length;
  const [start, end] = bandsOf(wavenumbers, range, 1, "normalise", "amide-i-height", "range");
  return {
    wavenumbers,
    reads: (wanted) => withBands(wanted, start, end),
    fold: { does: "scale", by: "peak", first: start, end },
    apply: (values, count, out) => kernels.peakScale(values, count, bands, start, end, out),
  };
}
