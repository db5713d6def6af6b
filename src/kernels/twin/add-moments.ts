/** Most rows that `addMoments` takes at a time: the longest run of a float32 sum. */
export const MOMENT_ROWS = 64;

/**
 * Add Σ d and Σ d·dᵀ over up to 64 rows to Float64 sums; d = x − centre in float32. Products are summed in float32 over these
 * rows and the result in Float64, so a longer stream loses no more than one block does.
 * Memory: `values[row * bands + band]`; with side = `bands` rounded up to a multiple of 8, `sum` is side long, `cross` is
 * side·side, row-major, filled from the first column of the diagonal's 8 × 8 tile on; `scratch` holds 64·side float32.
 */
export function addMoments(
  values: Float32Array,
  count: number,
  bands: number,
  centre: Float32Array,
  _scratch: Float32Array,
  sum: Float64Array,
  cross: Float64Array,
): void {
  const side = (bands + 7) & ~7;
  const difference = (row: number, band: number) => Math.fround(values[row * bands + band] - centre[band]);
  for (let i = 0; i < bands; i++) {
    for (let row = 0; row < count; row++) sum[i] += difference(row, i);
    for (let j = i & ~7; j < bands; j++) {
      let run = 0;
      for (let row = 0; row < count; row++) {
        run = Math.fround(run + Math.fround(difference(row, i) * difference(row, j)));
      }
      cross[i * side + j] += run;
    }
  }
}
