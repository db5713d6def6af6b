/** Divide each row by its largest value among the bands [first, end). A row whose peak is not above zero becomes NaN. */
export function peakScale(
  values: Float32Array,
  count: number,
  bands: number,
  first: number,
  end: number,
  out: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    let peak = Number.NEGATIVE_INFINITY;
    for (let band = first; band < end; band++) peak = Math.max(peak, values[start + band]);
    const divisor = peak > 0 && peak < Number.POSITIVE_INFINITY ? peak : Number.NaN;
    for (let band = 0; band < bands; band++) out[start + band] = values[start + band] / divisor;
  }
}
