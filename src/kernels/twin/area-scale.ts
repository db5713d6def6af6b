/**
 * Divide each row by its area Σ weights[i] · y[first + i] over `length` bands. A row whose area is not above zero becomes NaN:
 * it cannot be scaled without turning it over. The area is summed in Float64.
 */
export function areaScale(
  values: Float32Array,
  count: number,
  bands: number,
  weights: Float64Array,
  first: number,
  length: number,
  out: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += weights[i] * values[start + first + i];
    const divisor = sum > 0 && sum < Number.POSITIVE_INFINITY ? sum : Number.NaN;
    for (let band = 0; band < bands; band++) out[start + band] = values[start + band] / divisor;
  }
}
