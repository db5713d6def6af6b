import { z } from "zod";
import { spacing } from "../cube/axis.js";
import type { Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import { applyStep } from "../kernels/apply-step.js";
import { checkParams } from "../kernels/check-params.js";
import type { Kernels } from "../kernels/kernels.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/** Parameters of {@link baselineAsymmetric}. */
export const baselineAsymmetricParams = z.strictObject({
  lambda: z
    .number()
    .positive()
    .max(1e12)
    .default(1e6)
    .describe("Stiffness λ of the curve, above 0 to 1e12; 1e6 if not given."),
  asymmetry: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.01)
    .describe("Weight p of points above the curve, between 0 and 1; those below weigh 1 − p; 0.01 if not given."),
  tolerance: z
    .number()
    .min(0)
    .default(1e-3)
    .describe("Stop when the weights change by no more than this share of their length (L2); 1e-3 if not given."),
  cap: z.int().min(1).max(1000).default(50).describe("Solves a spectrum at the most, 1 to 1000; 50 if not given."),
});

const ROWS = 256;

/**
 * Subtract from each spectrum a smooth curve z that lies mostly under it, by asymmetric least squares: minimise
 * Σ w·(y − z)² + λ·Σ (Δ²z)² with w = p where y > z and 1 − p elsewhere, solving and re-weighting until the weights stand still.
 * `iterations` says how many solves each spectrum took; one that took `cap` may not have settled.
 * Where the axis is uneven or cut, Δ² is the second divided difference in units of the median spacing, so that a gap counts
 * as the distance it is; on an even axis this is the plain second difference. A spectrum with NaN becomes NaN.
 * Source: Eilers and Boelens (2005); Eilers, A perfect smoother (2003), 10.1021/ac034173t. Tolerance as in pybaselines.
 */
export function baselineAsymmetric(
  spectra: Spectra<"absorbance">,
  params: z.input<typeof baselineAsymmetricParams> = {},
  kernels: Kernels = twinKernels(),
): Spectra<"absorbance"> & { readonly iterations: Int32Array } {
  const checked = checkParams("correct", "baseline-asymmetric", baselineAsymmetricParams, params);
  const iterations = new Int32Array(spectra.count);
  let done = 0;
  const step = prepareBaselineAsymmetric(spectra.wavenumbers, checked, kernels, (solves) => {
    iterations.set(solves, done);
    done += solves.length;
  });
  return { ...applyStep(spectra, "absorbance", step, kernels), iterations };
}

/** {@link baselineAsymmetric} made ready for an axis. `report` gets the solves of each block of spectra; it copies what it keeps. */
export function prepareBaselineAsymmetric(
  wavenumbers: Float64Array,
  { lambda, asymmetry, tolerance, cap }: z.output<typeof baselineAsymmetricParams>,
  kernels: Kernels,
  report?: (iterations: Int32Array) => void,
): PreparedStep {
  const bands = wavenumbers.length;
  const penalty = kernels.float64(3 * bands);
  penalty.set(curvaturePenalty(wavenumbers, lambda));
  const scratch = kernels.float64(12 * bands);
  const iterations = kernels.int32(ROWS);
  return {
    wavenumbers,
    apply: (values, count, out) => {
      for (let row = 0; row < count; row += ROWS) {
        const rows = Math.min(ROWS, count - row);
        const from = values.subarray(row * bands, (row + rows) * bands);
        const to = out.subarray(row * bands, (row + rows) * bands);
        // biome-ignore format: one call, in the kernel's order
        kernels.asymmetricBaseline(from, rows, bands, penalty, asymmetry, tolerance, cap, scratch, iterations, to);
        report?.(iterations.subarray(0, rows));
      }
    },
  };
}

/** The diagonals 0, 1 and 2 of λ·DᵀD, D the second differences for a spacing of one median step. */
function curvaturePenalty(wavenumbers: Float64Array, lambda: number): Float64Array {
  const bands = wavenumbers.length;
  const h = spacing(wavenumbers);
  const diagonals = new Float64Array(3 * bands);
  for (let band = 1; band < bands - 1; band++) {
    const left = (wavenumbers[band] - wavenumbers[band - 1]) / h;
    const right = (wavenumbers[band + 1] - wavenumbers[band]) / h;
    // 1, −2, 1 and weight 1 where both steps are one spacing.
    const a = 2 / (left * (left + right));
    const b = -2 / (left * right);
    const c = 2 / (right * (left + right));
    const weight = (lambda * (left + right)) / 2;
    diagonals[band - 1] += weight * a * a;
    diagonals[band] += weight * b * b;
    diagonals[band + 1] += weight * c * c;
    diagonals[bands + band - 1] += weight * a * b;
    diagonals[bands + band] += weight * b * c;
    diagonals[2 * bands + band - 1] += weight * a * c;
  }
  return diagonals;
}
