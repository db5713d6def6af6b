import type { Pca } from "../cube/pca.js";
import type { Scores } from "../cube/spectra.js";

/**
 * The spectra that the scores stand for: mean + Σ score·loading, summed in Float64; `[row * bands + band]`.
 * What the left-out components held (noise, mostly) is missing.
 */
export function reconstruct(scores: Scores, pca: Pca): Float32Array {
  const { bands, components } = pca;
  const out = new Float32Array(scores.count * bands);
  const sum = new Float64Array(bands);
  for (let row = 0; row < scores.count; row++) {
    sum.set(pca.mean);
    for (let component = 0; component < components; component++) {
      const score = scores.values[row * components + component];
      for (let band = 0; band < bands; band++) sum[band] += score * pca.loadings[component * bands + band];
    }
    out.set(sum, row * bands);
  }
  return out;
}
