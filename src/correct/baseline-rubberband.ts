import { z } from "zod";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link baselineRubberband}. */
export const baselineRubberbandParams = z.strictObject({
  hull: z
    .enum(["lower", "upper"])
    .default("lower")
    .describe(
      'The side the band is stretched on: "lower" for absorbance, "upper" for bands that point down; lower if not given.',
    ),
});

/**
 * Stretch a rubber band under each spectrum and subtract it: the lower convex hull of the points (wavenumber, absorbance),
 * straight between its vertices. What is left is zero at the vertices and nowhere below zero; both ends become zero.
 * A spectrum with NaN or ±Inf becomes NaN. Definition as in Quasar, OCTAVVS and pybaselines (not the hull on the index).
 * Source: Andrew's monotone chain (1979), linear in the bands.
 */
export function baselineRubberband(
  spectra: Spectra<"absorbance">,
  params: z.input<typeof baselineRubberbandParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"absorbance"> {
  const checked = checkParams("correct", "baseline-rubberband", baselineRubberbandParams, params);
  return applyStep(spectra, "absorbance", prepareBaselineRubberband(spectra.wavenumbers, checked, kernels), kernels);
}

/** {@link baselineRubberband} made ready for an axis. */
export function prepareBaselineRubberband(
  wavenumbers: Float64Array,
  { hull }: z.output<typeof baselineRubberbandParams>,
  kernels: Kernels,
): PreparedStep {
  const bands = wavenumbers.length;
  const axis = kernels.float64(bands);
  axis.set(wavenumbers);
  const vertices = kernels.int32(3 * bands);
  const side = hull === "lower" ? 1 : -1;
  return {
    wavenumbers,
    apply: (values, count, out) => kernels.rubberband(values, count, bands, axis, side, vertices, out),
  };
}
