/**
 * Subtract from each row its mean and divide by its standard deviation, the divisor being bands − `ddof`.
 * A constant row becomes zero, a row with NaN or ±Inf becomes NaN. Sums in Float64.
 */
export function snv(values: Float32Array, count: number, bands: number, ddof: number, out: Float32Array): void {
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    let sum = 0;
    for (let band = 0; band < bands; band++) sum += values[start + band];
    const mean = sum / bands;
    let squares = 0;
    for (let band = 0; band < bands; band++) squares += (values[start + band] - mean) * (values[start + band] - mean);
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares / (bands - ddof));
    for (let band = 0; band < bands; band++) out[start + band] = (values[start + band] - mean) * scale;
  }
}
