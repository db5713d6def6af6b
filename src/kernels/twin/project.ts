/** Bands in a float32 run of `project`; `loadings` is padded to a multiple. */
export const PROJECT_RUN = 64;

/**
 * Scores on the principal axes: (x − mean)·loadingsᵀ for each row, and |x − mean|² into `squares`.
 * Both are summed in float32 over runs of 64 bands and in Float64 over the runs. A row with NaN spoils itself only.
 * Memory: `loadings[band * width + component]`, width = `components` rounded up to a multiple of 4, bands rounded up to one
 * of 64, zero where there is none; `out[row * components + component]`; `scratch` holds 4·64 float32 and then 4·(width + 1)
 * Float64, that is 256 + 8·(width + 1) float32.
 */
export function project(
  values: Float32Array,
  count: number,
  bands: number,
  mean: Float32Array,
  loadings: Float32Array,
  components: number,
  _scratch: Float32Array,
  out: Float32Array,
  squares: Float64Array,
): void {
  const width = (components + 3) & ~3;
  for (let row = 0; row < count; row++) {
    let square = 0;
    for (let start = 0; start < bands; start += PROJECT_RUN) {
      let run = 0;
      for (let band = start; band < Math.min(bands, start + PROJECT_RUN); band++) {
        const centred = Math.fround(values[row * bands + band] - mean[band]);
        run = Math.fround(run + Math.fround(centred * centred));
      }
      square += run;
    }
    squares[row] = square;
    for (let component = 0; component < components; component++) {
      let score = 0;
      for (let start = 0; start < bands; start += PROJECT_RUN) {
        let run = 0;
        for (let band = start; band < Math.min(bands, start + PROJECT_RUN); band++) {
          const centred = Math.fround(values[row * bands + band] - mean[band]);
          run = Math.fround(run + Math.fround(centred * loadings[band * width + component]));
        }
        score += run;
      }
      out[row * components + component] = score;
    }
  }
}
