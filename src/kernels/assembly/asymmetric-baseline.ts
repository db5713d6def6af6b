/**
 * values, out: count × bands f32; penalty: 3 × bands f64; iterations: count i32; scratch: 12 × bands f64.
 * Two rows run together, one a lane of f64x2, each doing exactly the twin's arithmetic; an odd last row runs in both lanes.
 *
 * scratch, bands × f64x2 each: y | weights | 1 / diagonal of D | first subdiagonal of L | second | z
 *
 * A row that is done keeps its weights, so that solving it again beside its neighbour changes nothing.
 */
export function asymmetricBaseline(
  values: usize,
  count: i32,
  bands: i32,
  penalty: usize,
  asymmetry: f64,
  tolerance: f64,
  cap: i32,
  scratch: usize,
  iterations: usize,
  out: usize,
): void {
  const stretch = (<usize>bands) << 4;
  const weights = scratch + stretch;
  const inverse = scratch + 2 * stretch;
  const first = scratch + 3 * stretch;
  const second = scratch + 4 * stretch;
  const curve = scratch + 5 * stretch;
  const penalty1 = penalty + ((<usize>bands) << 3);
  const penalty2 = penalty + ((<usize>bands) << 4);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const above = f64x2.splat(asymmetry);
  const below = f64x2.splat(1 - asymmetry);
  const limit = f64x2.splat(tolerance * tolerance);
  for (let row = 0; row < count; row += 2) {
    const other = row + 1 < count ? row + 1 : row;
    const a = values + ((<usize>row * bands) << 2);
    const b = values + ((<usize>other * bands) << 2);
    for (let band = 0; band < bands; band++) {
      const at = (<usize>band) << 2;
      const y = f64x2.replace_lane(f64x2.splat(<f64>load<f32>(a + at)), 1, <f64>load<f32>(b + at));
      v128.store(scratch + ((<usize>band) << 4), y);
      v128.store(weights + ((<usize>band) << 4), one);
    }
    let done = zero;
    let solvesA = 0;
    let solvesB = 0;
    for (let solves = 1; ; solves++) {
      let d1 = zero;
      let d2 = zero;
      let l1 = zero;
      let l2 = zero;
      let l2Before = zero;
      let z1 = zero;
      let z2 = zero;
      for (let band = 0; band < bands; band++) {
        const at = (<usize>band) << 4;
        const from = (<usize>band) << 3;
        const w = v128.load(weights + at);
        const l1d1 = f64x2.mul(f64x2.mul(l1, l1), d1);
        const l2d2 = f64x2.mul(f64x2.mul(l2Before, l2Before), d2);
        const d = f64x2.sub(f64x2.sub(f64x2.add(w, v128.load64_splat(penalty + from)), l1d1), l2d2);
        const r = f64x2.div(one, d);
        const wy = f64x2.mul(w, v128.load(scratch + at));
        const z = f64x2.sub(f64x2.sub(wy, f64x2.mul(l1, z1)), f64x2.mul(l2Before, z2));
        const cross = f64x2.mul(f64x2.mul(l2, l1), d1);
        l1 = f64x2.mul(f64x2.sub(v128.load64_splat(penalty1 + from), cross), r);
        l2Before = l2;
        l2 = f64x2.mul(v128.load64_splat(penalty2 + from), r);
        v128.store(inverse + at, r);
        v128.store(first + at, l1);
        v128.store(second + at, l2);
        v128.store(curve + at, z);
        d2 = d1;
        d1 = d;
        z2 = z1;
        z1 = z;
      }
      z1 = zero;
      z2 = zero;
      for (let band = bands - 1; band >= 0; band--) {
        const at = (<usize>band) << 4;
        const scaled = f64x2.mul(v128.load(curve + at), v128.load(inverse + at));
        const nearer = f64x2.sub(scaled, f64x2.mul(v128.load(first + at), z1));
        const z = f64x2.sub(nearer, f64x2.mul(v128.load(second + at), z2));
        v128.store(curve + at, z);
        z2 = z1;
        z1 = z;
      }
      let change = zero;
      let norm = zero;
      for (let band = 0; band < bands; band++) {
        const at = (<usize>band) << 4;
        const w = v128.load(weights + at);
        const next = v128.bitselect(above, below, f64x2.gt(v128.load(scratch + at), v128.load(curve + at)));
        const step = f64x2.sub(next, w);
        change = f64x2.add(change, f64x2.mul(step, step));
        norm = f64x2.add(norm, f64x2.mul(w, w));
      }
      if (!i64x2.extract_lane(done, 0)) solvesA = solves;
      if (!i64x2.extract_lane(done, 1)) solvesB = solves;
      done = v128.or(done, f64x2.le(change, f64x2.mul(limit, norm)));
      if (solves >= cap || i64x2.all_true(done)) break;
      for (let band = 0; band < bands; band++) {
        const at = (<usize>band) << 4;
        const next = v128.bitselect(above, below, f64x2.gt(v128.load(scratch + at), v128.load(curve + at)));
        v128.store(weights + at, v128.bitselect(v128.load(weights + at), next, done));
      }
    }
    const outA = out + ((<usize>row * bands) << 2);
    const outB = out + ((<usize>other * bands) << 2);
    for (let band = 0; band < bands; band++) {
      const at = (<usize>band) << 4;
      const rest = f64x2.sub(v128.load(scratch + at), v128.load(curve + at));
      store<f32>(outA + ((<usize>band) << 2), <f32>f64x2.extract_lane(rest, 0));
      store<f32>(outB + ((<usize>band) << 2), <f32>f64x2.extract_lane(rest, 1));
    }
    store<i32>(iterations + ((<usize>row) << 2), solvesA);
    store<i32>(iterations + ((<usize>other) << 2), solvesB);
  }
}
