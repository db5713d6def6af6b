/**
 * Weighted sums over a window that slides along each row. A run of output bands shares its weights; `runs` holds five numbers
 * a run: first and end output band, first input band, window width, and where its weights begin in `weights`.
 * Output band `first + i` is Σ weights[k] · y[input + i + k]. Sums in Float64; `scratch` is `bands` long.
 */
export function slidingSum(
  values: Float32Array,
  count: number,
  bands: number,
  runs: Int32Array,
  runCount: number,
  weights: Float64Array,
  scratch: Float64Array,
  outBands: number,
  out: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    for (let band = 0; band < bands; band++) scratch[band] = values[row * bands + band];
    for (let run = 0; run < runCount; run++) {
      const first = runs[5 * run];
      const end = runs[5 * run + 1];
      const input = runs[5 * run + 2];
      const width = runs[5 * run + 3];
      const offset = runs[5 * run + 4];
      for (let band = first; band < end; band++) {
        let sum = 0;
        for (let k = 0; k < width; k++) sum += weights[offset + k] * scratch[input + band - first + k];
        out[row * outBands + band] = sum;
      }
    }
  }
}
