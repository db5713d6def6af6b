/** values, out: count × bands f32, row after row. Sums run in four f64x2: two would wait for their own additions. */
export function vectorNorm(values: usize, count: i32, bands: i32, out: usize): void {
  const even = bands & ~3;
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    let band = 0;
    for (; band + 8 <= bands; band += 8) {
      const from = x + ((<usize>band) << 2);
      a = addSquares(a, from);
      b = addSquares(b, from + 8);
      c = addSquares(c, from + 16);
      d = addSquares(d, from + 24);
    }
    const both = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
    let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    for (; band < bands; band++) {
      const value = <f64>load<f32>(x + ((<usize>band) << 2));
      sum += value * value;
    }
    const scale: f64 = sum === 0 ? 0 : sum < Infinity ? 1 / Math.sqrt(sum) : NaN;
    const scale4 = f32x4.splat(<f32>scale);
    for (band = 0; band < even; band += 4) {
      v128.store(y + ((<usize>band) << 2), f32x4.mul(v128.load(x + ((<usize>band) << 2)), scale4));
    }
    for (; band < bands; band++) {
      store<f32>(y + ((<usize>band) << 2), load<f32>(x + ((<usize>band) << 2)) * <f32>scale);
    }
  }
}

/** Add the squares of two f32. */
function addSquares(sum: v128, from: usize): v128 {
  const two = v128.promote_low<f32>(v128.load64_zero(from));
  return f64x2.add(sum, f64x2.mul(two, two));
}
