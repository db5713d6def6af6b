/**
 * values, out: count × bands f32; wavenumbers: bands f64; hull: bands i32 (scratch).
 * The chain is scalar, each step needing the one before; the subtraction runs in f64x2.
 */
export function rubberband(
  values: usize,
  count: i32,
  bands: i32,
  wavenumbers: usize,
  side: f64,
  hull: usize,
  out: usize,
): void {
  if (bands === 0) return;
  for (let row = 0; row < count; row++) {
    const v = values + ((<usize>row * bands) << 2);
    const o = out + ((<usize>row * bands) << 2);
    if (!finite(v, bands)) {
      for (let band = 0; band < bands; band++) store<f32>(o + ((<usize>band) << 2), NaN);
      continue;
    }
    // The two topmost vertices stay in locals: a is under b.
    let size = 0;
    let ax: f64 = 0;
    let ay: f64 = 0;
    let bx: f64 = 0;
    let by: f64 = 0;
    for (let band = 0; band < bands; band++) {
      const x = load<f64>(wavenumbers + ((<usize>band) << 3));
      const y = <f64>load<f32>(v + ((<usize>band) << 2));
      while (size >= 2) {
        const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        if (turn * side > 0) break;
        size--;
        bx = ax;
        by = ay;
        if (size >= 2) {
          const a = load<i32>(hull + ((<usize>(size - 2)) << 2));
          ax = load<f64>(wavenumbers + ((<usize>a) << 3));
          ay = <f64>load<f32>(v + ((<usize>a) << 2));
        }
      }
      store<i32>(hull + ((<usize>size) << 2), band);
      size++;
      ax = bx;
      ay = by;
      bx = x;
      by = y;
    }
    for (let piece = 0; piece < size - 1; piece++) {
      const a = load<i32>(hull + ((<usize>piece) << 2));
      const b = load<i32>(hull + ((<usize>piece) << 2), 4);
      const x0 = load<f64>(wavenumbers + ((<usize>a) << 3));
      const y0 = <f64>load<f32>(v + ((<usize>a) << 2));
      const y1 = <f64>load<f32>(v + ((<usize>b) << 2));
      const slope = (y1 - y0) / (load<f64>(wavenumbers + ((<usize>b) << 3)) - x0);
      let band = a;
      const x02 = f64x2.splat(x0);
      const y02 = f64x2.splat(y0);
      const slope2 = f64x2.splat(slope);
      for (; band + 2 <= b; band += 2) {
        const x = v128.load(wavenumbers + ((<usize>band) << 3));
        const y = v128.promote_low<f32>(v128.load64_zero(v + ((<usize>band) << 2)));
        const line = f64x2.add(y02, f64x2.mul(slope2, f64x2.sub(x, x02)));
        v128.store64_lane(o + ((<usize>band) << 2), v128.demote_zero<f64>(f64x2.sub(y, line)), 0);
      }
      for (; band < b; band++) {
        const x = load<f64>(wavenumbers + ((<usize>band) << 3));
        const y = <f64>load<f32>(v + ((<usize>band) << 2));
        store<f32>(o + ((<usize>band) << 2), <f32>(y - (y0 + slope * (x - x0))));
      }
    }
    store<f32>(o + ((<usize>(bands - 1)) << 2), 0);
  }
}

/** Whether a row has neither NaN nor ±Inf: 0 · y is 0 for every other value. */
function finite(v: usize, bands: i32): bool {
  const zero = f32x4.splat(0);
  let sum = f32x4.splat(0);
  let band = 0;
  for (; band + 4 <= bands; band += 4) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(v + ((<usize>band) << 2)), zero));
  }
  let rest: f32 = 0;
  for (; band < bands; band++) rest += load<f32>(v + ((<usize>band) << 2)) * 0;
  return !v128.any_true(f32x4.ne(sum, zero)) && rest === 0;
}
