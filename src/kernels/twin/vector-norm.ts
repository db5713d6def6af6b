/**
 * Scale each row to unit Euclidean length; a row of length zero stays zero, a row with NaN or ±Inf becomes NaN.
 * The norm is summed in Float64.
 */
export function vectorNorm(values: Float32Array, count: number, bands: number, out: Float32Array): void {
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    let sum = 0;
    for (let band = 0; band < bands; band++) sum += values[start + band] * values[start + band];
    const scale = sum === 0 ? 0 : sum < Number.POSITIVE_INFINITY ? 1 / Math.sqrt(sum) : Number.NaN;
    for (let band = 0; band < bands; band++) out[start + band] = values[start + band] * scale;
  }
}
