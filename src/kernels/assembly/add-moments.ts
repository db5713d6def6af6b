import { fold } from "./fold";

/** Bytes of a row of a panel: 8 bands f32. */
const ROW: usize = 32;

/**
 * values: count × bands f32; centre: bands f32; scratch: panels × 64 rows × 8 bands f32; sum: panels·8 f64;
 * cross: (panels·8)² f64, row-major. x − centre is laid out in panels of 8 bands first, so that a tile reads in order:
 *
 *     panel i, 4 bands ─┐   8 bands of panel j
 *     row 0   a b c d   ×   p q r s | t u v w     → 4 × 8 sums in eight f32x4, over all rows,
 *     row 1   …             …                       then added to 4 rows of 8 f64 in cross
 */
export function addMoments(
  values: usize,
  count: i32,
  bands: i32,
  centre: usize,
  scratch: usize,
  sum: usize,
  cross: usize,
): void {
  const panels = (bands + 7) >> 3;
  const length = <usize>count * ROW;
  const stride = (<usize>panels) << 6;
  for (let i = 0; i < panels; i++) {
    const first = (<usize>i) << 5;
    centrePanel(values + first, count, bands, centre + first, min(8, bands - (i << 3)), scratch + <usize>i * length);
  }
  for (let i = 0; i < panels; i++) {
    const a = scratch + <usize>i * length;
    addSums(a, a + length, sum + ((<usize>i) << 6));
    for (let j = i; j < panels; j++) {
      const b = scratch + <usize>j * length;
      const corner = cross + (<usize>i * 8 * stride + ((<usize>j) << 6));
      tile(a, a + length, b, corner, stride);
      tile(a + 16, a + length, b, corner + 4 * stride, stride);
    }
  }
}

/** Write x − centre of up to 8 bands, row after row; the rest of a row of 8 is zero. */
function centrePanel(x: usize, count: i32, bands: i32, centre: usize, width: i32, to: usize): void {
  const step = (<usize>bands) << 2;
  if (width === 8) {
    const low = v128.load(centre);
    const high = v128.load(centre, 16);
    for (const end = to + <usize>count * ROW; to < end; to += ROW, x += step) {
      v128.store(to, f32x4.sub(v128.load(x), low));
      v128.store(to, f32x4.sub(v128.load(x, 16), high), 16);
    }
    return;
  }
  for (const end = to + <usize>count * ROW; to < end; to += ROW, x += step) {
    memory.fill(to, 0, ROW);
    const bytes = (<usize>width) << 2;
    for (let at: usize = 0; at < bytes; at += 4) {
      store<f32>(to + at, load<f32>(x + at) - load<f32>(centre + at));
    }
  }
}

function tile(a: usize, end: usize, b: usize, corner: usize, stride: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (; a < end; a += ROW, b += ROW) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    let one = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(one, low));
    c01 = f32x4.add(c01, f32x4.mul(one, high));
    one = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(one, low));
    c11 = f32x4.add(c11, f32x4.mul(one, high));
    one = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(one, low));
    c21 = f32x4.add(c21, f32x4.mul(one, high));
    one = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(one, low));
    c31 = f32x4.add(c31, f32x4.mul(one, high));
  }
  fold(corner, c00);
  fold(corner + 32, c01);
  fold(corner + stride, c10);
  fold(corner + stride + 32, c11);
  fold(corner + 2 * stride, c20);
  fold(corner + 2 * stride + 32, c21);
  fold(corner + 3 * stride, c30);
  fold(corner + 3 * stride + 32, c31);
}

function addSums(a: usize, end: usize, sum: usize): void {
  for (; a < end; a += ROW) {
    fold(sum, v128.load(a));
    fold(sum + 32, v128.load(a, 16));
  }
}
