import { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import type { Quantity, Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { bandsOf, checkParams, wavenumberRange } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { selectBands } from "./select-bands.js";

/** Parameters of {@link keep}. */
export const keepParams = z.strictObject({
  ranges: z
    .array(wavenumberRange)
    .min(1)
    .describe(
      "Ranges in cm-1 to keep, each [low, high], both ends included and with 2 bands or more; one range or more.",
    ),
});

/**
 * Keep the bands inside the ranges, both ends included, and drop the rest.
 * A range with fewer than two bands is refused: the axis does not hold what was asked for. Later windows and integrals stop where
 * something was dropped between two ranges, as after `cut`.
 */
export function keep<Q extends Quantity>(
  spectra: Spectra<Q>,
  params: z.input<typeof keepParams>,
  kernels: Kernels = twinKernels(),
): Spectra<Q> {
  const step = prepareKeep(
    spectra.wavenumbers,
    checkParams("correct", "keep", keepParams, params),
    kernels,
    spectra.gaps,
  );
  return applyStep(spectra, spectra.quantity, step, kernels);
}

/** {@link keep} made ready for an axis. */
export function prepareKeep(
  wavenumbers: Float64Array,
  { ranges }: z.output<typeof keepParams>,
  kernels: Kernels,
  gaps?: Gaps,
): PreparedStep {
  for (const range of ranges) bandsOf(wavenumbers, range, 2, "correct", "keep", "ranges");
  const kept = Uint8Array.from(wavenumbers, (x) => (ranges.some(([low, high]) => low <= x && x <= high) ? 1 : 0));
  return selectBands(wavenumbers, kept, kernels, gaps);
}
