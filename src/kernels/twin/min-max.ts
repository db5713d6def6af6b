/** Bring each row to run from exactly 0 to exactly 1; a constant row becomes zero, a row with NaN or ±Inf becomes NaN. */
export function minMax(values: Float32Array, count: number, bands: number, out: Float32Array): void {
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let band = 0; band < bands; band++) {
      // Math.min and Math.max give NaN on to the end, as the SIMD ones do.
      low = Math.min(low, values[start + band]);
      high = Math.max(high, values[start + band]);
    }
    const range = Math.fround(high - low);
    const divisor = range === 0 ? 1 : range < Number.POSITIVE_INFINITY ? range : Number.NaN;
    for (let band = 0; band < bands; band++) out[start + band] = Math.fround(values[start + band] - low) / divisor;
  }
}
