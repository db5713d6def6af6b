/**
 * Weighted sums of second differences: with g[i] = (y[i + 1] − y[i]) − (y[i] − y[i − 1]), band i of [first, end) becomes
 * weights[0] · g[i] + Σ weights[k] · (g[i − k] + g[i + k]) over k = 1 … taps − 1, written from band `outFirst` of `out` on.
 * All in float32: neighbours in a spectrum are alike, so their difference is exact or nearly so, and what rounds after it is a
 * share of the curvature, not of the absorbance. The sum reads taps bands to either side. `scratch` is `bands` long.
 */
export function sumDifferences(
  values: Float32Array,
  count: number,
  bands: number,
  first: number,
  end: number,
  weights: Float32Array,
  taps: number,
  scratch: Float32Array,
  outFirst: number,
  outBands: number,
  out: Float32Array,
): void {
  const { fround } = Math;
  for (let row = 0; row < count; row++) {
    const y = row * bands;
    for (let i = first - taps + 1; i < end + taps - 1; i++) {
      scratch[i] = fround(values[y + i + 1] - values[y + i]) - fround(values[y + i] - values[y + i - 1]);
    }
    for (let i = first; i < end; i++) {
      let sum = fround(weights[0] * scratch[i]);
      for (let k = 1; k < taps; k++) {
        sum = fround(sum + fround(weights[k] * fround(scratch[i - k] + scratch[i + k])));
      }
      out[row * outBands + outFirst + i - first] = sum;
    }
  }
}
