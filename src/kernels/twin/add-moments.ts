/** Rows in the block that `addMoments` takes: the longest run of a float32 sum. */
export const MOMENT_ROWS = 128;

/**
 * Add Σ d and Σ d·dᵀ over the rows of one block to Float64 sums. Products are summed in float32 over the 128 rows and the
 * result in Float64, so a longer stream loses no more than one block does.
 * Memory: `block[(panel * 128 + row) * 8 + lane]`, band = panel·8 + lane, unused rows and bands zero;
 * `cross` is square and row-major, its side panels·8, filled from the first column of the diagonal's panel on.
 */
export function addMoments(block: Float32Array, panels: number, sum: Float64Array, cross: Float64Array): void {
  const bands = panels * 8;
  for (let i = 0; i < bands; i++) {
    const a = (i >> 3) * MOMENT_ROWS * 8 + (i & 7);
    for (let row = 0; row < MOMENT_ROWS; row++) sum[i] += block[a + row * 8];
    for (let j = i & ~7; j < bands; j++) {
      const b = (j >> 3) * MOMENT_ROWS * 8 + (j & 7);
      let run = 0;
      for (let row = 0; row < MOMENT_ROWS; row++) {
        run = Math.fround(run + Math.fround(block[a + row * 8] * block[b + row * 8]));
      }
      cross[i * bands + j] += run;
    }
  }
}
