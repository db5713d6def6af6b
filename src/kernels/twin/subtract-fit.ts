/**
 * Subtract from each row its fit by a few curves: the amount of curve j is Σ project[j * bands + i] · y[i], and what is
 * subtracted Σ amount[j] · curves[j * bands + i]. With orthonormal curves this is a least-squares fit. Sums in Float64;
 * `amounts` is scratch of `curveCount`.
 */
export function subtractFit(
  values: Float32Array,
  count: number,
  bands: number,
  project: Float64Array,
  curves: Float64Array,
  curveCount: number,
  amounts: Float64Array,
  out: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    for (let curve = 0; curve < curveCount; curve++) {
      let sum = 0;
      for (let band = 0; band < bands; band++) sum += project[curve * bands + band] * values[start + band];
      amounts[curve] = sum;
    }
    for (let band = 0; band < bands; band++) {
      let fit = 0;
      for (let curve = 0; curve < curveCount; curve++) fit += amounts[curve] * curves[curve * bands + band];
      out[start + band] = values[start + band] - fit;
    }
  }
}
