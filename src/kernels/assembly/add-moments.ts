import { fold } from "./fold";

const ROWS = 128;
/** Bytes of a panel: 128 rows × 8 bands f32. */
const PANEL: usize = ROWS * 8 * 4;

/**
 * block: panels × 128 rows × 8 bands f32; sum: panels·8 f64; cross: (panels·8)² f64, row-major.
 *
 *     panel i, 4 bands ─┐   8 bands of panel j
 *     row 0   a b c d   ×   p q r s | t u v w     → 4 × 8 sums in eight f32x4, over 128 rows,
 *     row 1   …             …                       then added to 4 rows of 8 f64 in cross
 */
export function addMoments(block: usize, panels: i32, sum: usize, cross: usize): void {
  const stride = (<usize>panels) << 6;
  for (let i = 0; i < panels; i++) {
    const a = block + <usize>i * PANEL;
    addSums(a, sum + ((<usize>i) << 6));
    for (let j = i; j < panels; j++) {
      const b = block + <usize>j * PANEL;
      const corner = cross + (<usize>i * 8 * stride + ((<usize>j) << 6));
      tile(a, b, corner, stride);
      tile(a + 16, b, corner + 4 * stride, stride);
    }
  }
}

function tile(a: usize, b: usize, corner: usize, stride: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (const end = a + PANEL; a < end; a += 32, b += 32) {
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

function addSums(a: usize, sum: usize): void {
  for (const end = a + PANEL; a < end; a += 32) {
    fold(sum, v128.load(a));
    fold(sum + 32, v128.load(a, 16));
  }
}
