const GROUP = 32;

/**
 * values, out: count × bands f32; wavenumbers: bands f64; side: 1 or −1.
 *
 *     hull  0         vertices of the hull       i32
 *           bands     those of a rough hull      i32
 *           2 bands   bands that may be vertices i32
 *
 * The chain is scalar, each step needing the one before, and where noise decides it is guessed wrong. So it goes twice over few
 * bands: over the lowest of every 32, which makes a rough hull, then over those that are not above the rough hull; a band above a
 * line between two others is no vertex. Comparison and subtraction run in f64x2.
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
  const rough = hull + ((<usize>bands) << 2);
  const listed = rough + ((<usize>bands) << 2);
  for (let row = 0; row < count; row++) {
    const v = values + ((<usize>row * bands) << 2);
    const o = out + ((<usize>row * bands) << 2);
    if (!finite(v, bands)) {
      for (let band = 0; band < bands; band++) store<f32>(o + ((<usize>band) << 2), NaN);
      continue;
    }
    const corners = chain(v, wavenumbers, side, listed, lowest(v, bands, <f32>side, listed), rough);
    const size = chain(v, wavenumbers, side, listed, notAbove(v, wavenumbers, side, rough, corners, listed), hull);
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

/** List both ends and the lowest band of every group, ascending; how many they are. */
function lowest(v: usize, bands: i32, side: f32, listed: usize): i32 {
  store<i32>(listed, 0);
  let size = 1;
  for (let start = 1; start < bands - 1; start += GROUP) {
    const end = min(start + GROUP, bands - 1);
    let best = start;
    let low = load<f32>(v + ((<usize>start) << 2)) * side;
    for (let band = start + 1; band < end; band++) {
      const y = load<f32>(v + ((<usize>band) << 2)) * side;
      best = y < low ? band : best;
      low = min<f32>(y, low);
    }
    store<i32>(listed + ((<usize>size) << 2), best);
    size++;
  }
  if (bands > 1) {
    store<i32>(listed + ((<usize>size) << 2), bands - 1);
    size++;
  }
  return size;
}

/** List the corners and every band that is not above the line between those beside it; how many they are. */
function notAbove(v: usize, wavenumbers: usize, side: f64, corners: usize, count: i32, listed: usize): i32 {
  const sides = f64x2.splat(side);
  let size = 0;
  for (let piece = 0; piece < count - 1; piece++) {
    const a = load<i32>(corners + ((<usize>piece) << 2));
    const b = load<i32>(corners + ((<usize>piece) << 2), 4);
    const x0 = load<f64>(wavenumbers + ((<usize>a) << 3));
    const y0 = <f64>load<f32>(v + ((<usize>a) << 2)) * side;
    const y1 = <f64>load<f32>(v + ((<usize>b) << 2)) * side;
    const slope = f64x2.splat((y1 - y0) / (load<f64>(wavenumbers + ((<usize>b) << 3)) - x0));
    const x02 = f64x2.splat(x0);
    // Far more than the line rounds, far less than float32 does: what is listed in vain the chain drops.
    const level = f64x2.splat(y0 + (Math.abs(y0) + Math.abs(y1)) * 1e-12);
    store<i32>(listed + ((<usize>size) << 2), a);
    size++;
    let band = a + 1;
    for (; band < b; band += 2) {
      const x = v128.load(wavenumbers + ((<usize>band) << 3));
      const y = f64x2.mul(v128.promote_low<f32>(v128.load64_zero(v + ((<usize>band) << 2))), sides);
      const below = f64x2.le(y, f64x2.add(level, f64x2.mul(slope, f64x2.sub(x, x02))));
      if (!v128.any_true(below)) continue;
      const bits = i64x2.bitmask(below);
      if (bits & 1) {
        store<i32>(listed + ((<usize>size) << 2), band);
        size++;
      }
      // The second of the last two is the corner itself, which opens the next piece.
      if (bits & 2 && band + 1 < b) {
        store<i32>(listed + ((<usize>size) << 2), band + 1);
        size++;
      }
    }
  }
  store<i32>(listed + ((<usize>size) << 2), load<i32>(corners + ((<usize>(count - 1)) << 2)));
  return size + 1;
}

/** Andrew's monotone chain over listed bands, ascending: the vertices into `hull`; how many they are. */
function chain(v: usize, wavenumbers: usize, side: f64, listed: usize, count: i32, hull: usize): i32 {
  // The two topmost vertices stay in locals: a is under b.
  let size = 0;
  let ax: f64 = 0;
  let ay: f64 = 0;
  let bx: f64 = 0;
  let by: f64 = 0;
  for (let i = 0; i < count; i++) {
    const band = load<i32>(listed + ((<usize>i) << 2));
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
  return size;
}
