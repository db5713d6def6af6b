import { fold } from "./fold";

const RUN = 64;

/**
 * values: count × bands f32; mean: bands f32, readable to a multiple of 4; loadings: bands(64) × width f32;
 * out: count × components f32; squares: count f64.
 *
 *     scratch  0      centred spectra of 4 rows, 64 bands:  x0 x1 x2 x3 | next band …   f32
 *              1024   their |x − mean|²:                    s0 s1 s2 s3                 f64
 *              1056   scores:                               row 0 [width] … row 3       f64
 *
 * Four rows at once; a tile is 4 rows × 8 components in eight f32x4 (twelve would not fit x64's registers), over one run of bands.
 */
export function project(
  values: usize,
  count: i32,
  bands: i32,
  mean: usize,
  loadings: usize,
  components: i32,
  scratch: usize,
  out: usize,
  squares: usize,
): void {
  const width = (components + 3) & ~3;
  const stride = (<usize>width) << 2;
  const sums = scratch + 1024;
  for (let row = 0; row < count; row += 4) {
    memory.fill(sums, 0, 32 + ((<usize>width) << 5));
    const last = count - 1;
    const x0 = values + ((<usize>row * bands) << 2);
    const x1 = values + ((<usize>min(row + 1, last) * bands) << 2);
    const x2 = values + ((<usize>min(row + 2, last) * bands) << 2);
    const x3 = values + ((<usize>min(row + 3, last) * bands) << 2);
    for (let start = 0; start < bands; start += RUN) {
      const length = min(RUN, bands - start);
      const first = (<usize>start) << 2;
      centre(x0 + first, x1 + first, x2 + first, x3 + first, mean + first, length, scratch, sums);
      let c: usize = 0;
      const run = loadings + <usize>start * stride;
      for (; c + 32 <= stride; c += 32) tile8(scratch, run + c, stride, length, sums + 32 + (c << 1));
      for (; c < stride; c += 16) tile4(scratch, run + c, stride, length, sums + 32 + (c << 1));
    }
    const rows = min(4, count - row);
    for (let r = 0; r < rows; r++) {
      store<f64>(squares + ((<usize>(row + r)) << 3), load<f64>(sums + ((<usize>r) << 3)));
      const from = sums + 32 + <usize>r * (stride << 1);
      const to = out + ((<usize>(row + r) * components) << 2);
      for (let k = 0; k < components; k++) {
        store<f32>(to + ((<usize>k) << 2), <f32>load<f64>(from + ((<usize>k) << 3)));
      }
    }
  }
}

/** Write x − mean of four rows band by band, so that a tile reads them in order; add their squares to the four sums. */
function centre(
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  mean: usize,
  length: i32,
  scratch: usize,
  sums: usize,
): void {
  let squares = f32x4.splat(0);
  const even = length & ~3;
  let to = scratch;
  let at: usize = 0;
  for (const end = (<usize>even) << 2; at < end; at += 16, to += 64) {
    const m = v128.load(mean + at);
    const a = f32x4.sub(v128.load(x0 + at), m);
    const b = f32x4.sub(v128.load(x1 + at), m);
    const c = f32x4.sub(v128.load(x2 + at), m);
    const d = f32x4.sub(v128.load(x3 + at), m);
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    const band0 = v128.shuffle<i64>(ab, cd, 0, 2);
    const band1 = v128.shuffle<i64>(ab, cd, 1, 3);
    const band2 = v128.shuffle<i64>(ab2, cd2, 0, 2);
    const band3 = v128.shuffle<i64>(ab2, cd2, 1, 3);
    v128.store(to, band0);
    v128.store(to, band1, 16);
    v128.store(to, band2, 32);
    v128.store(to, band3, 48);
    squares = f32x4.add(squares, f32x4.mul(band0, band0));
    squares = f32x4.add(squares, f32x4.mul(band1, band1));
    squares = f32x4.add(squares, f32x4.mul(band2, band2));
    squares = f32x4.add(squares, f32x4.mul(band3, band3));
  }
  for (let band = even; band < length; band++, at += 4, to += 16) {
    const m = load<f32>(mean + at);
    let four = f32x4.splat(load<f32>(x0 + at) - m);
    four = f32x4.replace_lane(four, 1, load<f32>(x1 + at) - m);
    four = f32x4.replace_lane(four, 2, load<f32>(x2 + at) - m);
    four = f32x4.replace_lane(four, 3, load<f32>(x3 + at) - m);
    v128.store(to, four);
    squares = f32x4.add(squares, f32x4.mul(four, four));
  }
  fold(sums, squares);
}

function tile8(x: usize, loadings: usize, stride: usize, length: i32, sums: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (const end = x + ((<usize>length) << 4); x < end; x += 16, loadings += stride) {
    const l0 = v128.load(loadings);
    const l1 = v128.load(loadings, 16);
    let one = v128.load32_splat(x);
    c00 = f32x4.add(c00, f32x4.mul(one, l0));
    c01 = f32x4.add(c01, f32x4.mul(one, l1));
    one = v128.load32_splat(x, 4);
    c10 = f32x4.add(c10, f32x4.mul(one, l0));
    c11 = f32x4.add(c11, f32x4.mul(one, l1));
    one = v128.load32_splat(x, 8);
    c20 = f32x4.add(c20, f32x4.mul(one, l0));
    c21 = f32x4.add(c21, f32x4.mul(one, l1));
    one = v128.load32_splat(x, 12);
    c30 = f32x4.add(c30, f32x4.mul(one, l0));
    c31 = f32x4.add(c31, f32x4.mul(one, l1));
  }
  const row = stride << 1;
  fold(sums, c00);
  fold(sums + 32, c01);
  fold(sums + row, c10);
  fold(sums + row + 32, c11);
  fold(sums + 2 * row, c20);
  fold(sums + 2 * row + 32, c21);
  fold(sums + 3 * row, c30);
  fold(sums + 3 * row + 32, c31);
}

function tile4(x: usize, loadings: usize, stride: usize, length: i32, sums: usize): void {
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  for (const end = x + ((<usize>length) << 4); x < end; x += 16, loadings += stride) {
    const l = v128.load(loadings);
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(x), l));
    c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(x, 4), l));
    c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(x, 8), l));
    c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(x, 12), l));
  }
  const row = stride << 1;
  fold(sums, c0);
  fold(sums + row, c1);
  fold(sums + 2 * row, c2);
  fold(sums + 3 * row, c3);
}
