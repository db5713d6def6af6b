import { z } from "zod";
import { SpectraError } from "../cube/errors.js";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { bandsOf, checkParams, wavenumberRange } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { orthonormalPolynomials } from "./orthonormal-polynomials.js";

/** Parameters of {@link baselinePolynomial}. */
export const baselinePolynomialParams = z.strictObject({
  order: z.int().min(0).max(12).default(2).describe("Degree of the polynomial, 0 to 12; 2 if not given."),
  ranges: z
    .array(wavenumberRange)
    .min(1)
    .optional()
    .describe(
      "Ranges in cm-1 the polynomial is fitted to, each [low, high], best free of bands; the whole axis if not given.",
    ),
});

/**
 * Subtract from each spectrum its least-squares polynomial over wavenumber, fitted to the whole axis or to some ranges and
 * subtracted everywhere. One pass, no points discarded. In Float64; a spectrum with NaN becomes NaN.
 */
export function baselinePolynomial(
  spectra: Spectra<"absorbance">,
  params: z.input<typeof baselinePolynomialParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"absorbance"> {
  const checked = checkParams("correct", "baseline-polynomial", baselinePolynomialParams, params);
  return applyStep(spectra, "absorbance", prepareBaselinePolynomial(spectra.wavenumbers, checked, kernels), kernels);
}

/** {@link baselinePolynomial} made ready for an axis. */
export function prepareBaselinePolynomial(
  wavenumbers: Float64Array,
  { order, ranges }: z.output<typeof baselinePolynomialParams>,
  kernels: Kernels,
): PreparedStep {
  const bands = wavenumbers.length;
  for (const range of ranges ?? []) bandsOf(wavenumbers, range, 1, "correct", "baseline-polynomial", "ranges");
  const fitted = Array.from(wavenumbers, (x) => !ranges || ranges.some(([low, high]) => low <= x && x <= high));
  const middle = (wavenumbers[0] + wavenumbers[bands - 1]) / 2;
  const half = (wavenumbers[bands - 1] - wavenumbers[0]) / 2;
  const places = wavenumbers.map((x) => (x - middle) / half);
  const points = places.filter((_, band) => fitted[band]);
  if (points.length <= order) {
    throw new SpectraError(
      "params",
      "correct",
      `baseline-polynomial: parameter "order" is ${order}, which needs ${order + 1} bands or more; there are ${points.length}`,
    );
  }
  const polynomials = orthonormalPolynomials(points, order);
  const curves = kernels.float64((order + 1) * bands);
  const project = kernels.float64((order + 1) * bands);
  for (let band = 0; band < bands; band++) {
    const values = polynomials(places[band], 0);
    for (let k = 0; k <= order; k++) {
      curves[k * bands + band] = values[k];
      project[k * bands + band] = fitted[band] ? values[k] : 0;
    }
  }
  const amounts = kernels.float64(order + 1);
  return {
    wavenumbers,
    reads: (wanted) => wanted.map((one, band) => (one || fitted[band] ? 1 : 0)),
    apply: (values, count, out) => kernels.subtractFit(values, count, bands, project, curves, order + 1, amounts, out),
  };
}
