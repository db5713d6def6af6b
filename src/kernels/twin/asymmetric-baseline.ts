/**
 * Subtract from each row the smooth curve z that minimises Σ w·(y − z)² + zᵀ·penalty·z, where w is `asymmetry` above the
 * curve and 1 − `asymmetry` on and below it; solved again with new weights until they change by no more than `tolerance`
 * of their length, at most `cap` times. The solves of a row go to `iterations`.
 * `penalty` holds the diagonals 0, 1, 2 of a symmetric pentadiagonal matrix, `bands` long each; `scratch` is 12 · bands.
 * Each solve is an LDLᵀ factorisation of the five diagonals: linear in the bands. All in Float64.
 */
export function asymmetricBaseline(
  values: Float32Array,
  count: number,
  bands: number,
  penalty: Float64Array,
  asymmetry: number,
  tolerance: number,
  cap: number,
  scratch: Float64Array,
  iterations: Int32Array,
  out: Float32Array,
): void {
  // scratch: weights | 1 / diagonal of D | first and second subdiagonal of L | z
  const inverse = bands;
  const first = 2 * bands;
  const second = 3 * bands;
  const curve = 4 * bands;
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    for (let band = 0; band < bands; band++) scratch[band] = 1;
    let solves = 0;
    for (;;) {
      let d1 = 0;
      let d2 = 0;
      let l1 = 0;
      let l2 = 0;
      let l2Before = 0;
      let z1 = 0;
      let z2 = 0;
      for (let band = 0; band < bands; band++) {
        const w = scratch[band];
        const d = w + penalty[band] - l1 * l1 * d1 - l2Before * l2Before * d2;
        const r = 1 / d;
        const z = w * values[start + band] - l1 * z1 - l2Before * z2;
        l1 = (penalty[bands + band] - l2 * l1 * d1) * r;
        l2Before = l2;
        l2 = penalty[2 * bands + band] * r;
        scratch[inverse + band] = r;
        scratch[first + band] = l1;
        scratch[second + band] = l2;
        scratch[curve + band] = z;
        d2 = d1;
        d1 = d;
        z2 = z1;
        z1 = z;
      }
      z1 = 0;
      z2 = 0;
      for (let band = bands - 1; band >= 0; band--) {
        const z =
          scratch[curve + band] * scratch[inverse + band] - scratch[first + band] * z1 - scratch[second + band] * z2;
        scratch[curve + band] = z;
        z2 = z1;
        z1 = z;
      }
      solves++;
      let change = 0;
      let norm = 0;
      for (let band = 0; band < bands; band++) {
        const w = scratch[band];
        const next = values[start + band] > scratch[curve + band] ? asymmetry : 1 - asymmetry;
        change += (next - w) * (next - w);
        norm += w * w;
        scratch[band] = next;
      }
      if (solves >= cap || change <= tolerance * tolerance * norm) break;
    }
    iterations[row] = solves;
    for (let band = 0; band < bands; band++) out[start + band] = values[start + band] - scratch[curve + band];
  }
}
