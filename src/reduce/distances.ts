import type { Pca } from "../cube/pca.js";
import type { Scores } from "../cube/spectra.js";

/** How far spectra lie from a model: `q` outside its plane, `t2` within it. */
export interface Distances {
  /** |x − mean|² − |scores|²: the squared length of what the components leave over. */
  readonly q: Float64Array;
  /** Hotelling's T²: Σ score² / variance. */
  readonly t2: Float64Array;
}

/**
 * Q and T² of projected spectra; NaN for a spectrum with NaN. A component without variance counts for nothing in T².
 * Q is a difference of two sums that are each good to about 10⁻⁶ of |x − mean|², so it is no better than that share
 * of |x − mean|², and never below zero.
 */
export function distances(scores: Scores, squares: Float64Array, pca: Pca): Distances {
  const { components } = pca;
  const q = new Float64Array(scores.count);
  const t2 = new Float64Array(scores.count);
  for (let row = 0; row < scores.count; row++) {
    let within = 0;
    let scaled = 0;
    for (let component = 0; component < components; component++) {
      const square = scores.values[row * components + component] ** 2;
      within += square;
      if (pca.variance[component] > 0) scaled += square / pca.variance[component];
    }
    q[row] = Math.max(0, squares[row] - within);
    t2[row] = scaled;
  }
  return { q, t2 };
}

/**
 * Limits of Q and T² that leave a share `outside` of the training spectra beyond each: the empirical quantile, interpolated
 * as in numpy's default. NaN distances are left out. `outside` 0 gives Infinity, no limit.
 */
export function limitsFrom({ q, t2 }: Distances, outside: number): { q: number; t2: number } {
  return { q: upperQuantile(q, outside), t2: upperQuantile(t2, outside) };
}

function upperQuantile(values: Float64Array, outside: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (!(outside > 0) || sorted.length === 0) return Number.POSITIVE_INFINITY;
  const position = (sorted.length - 1) * (1 - Math.min(1, outside));
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
