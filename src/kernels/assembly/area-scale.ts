/** values, out: count × bands f32; weights: length f64. The area is summed in two f64x2 lanes. */
export function areaScale(
  values: usize,
  count: i32,
  bands: i32,
  weights: usize,
  first: i32,
  length: i32,
  out: usize,
): void {
  const even = bands & ~3;
  const evenLength = length & ~3;
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    const inside = x + ((<usize>first) << 2);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let i = 0;
    for (; i < evenLength; i += 4) {
      const four = v128.load(inside + ((<usize>i) << 2));
      const a = v128.promote_low<f32>(four);
      const b = v128.promote_low<f32>(v128.shuffle<i32>(four, four, 2, 3, 0, 1));
      low = f64x2.add(low, f64x2.mul(v128.load(weights + ((<usize>i) << 3)), a));
      high = f64x2.add(high, f64x2.mul(v128.load(weights + ((<usize>i) << 3), 16), b));
    }
    const both = f64x2.add(low, high);
    let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    for (; i < length; i++) {
      sum += load<f64>(weights + ((<usize>i) << 3)) * <f64>load<f32>(inside + ((<usize>i) << 2));
    }
    const divisor = <f32>(sum > 0 && sum < Infinity ? sum : NaN);
    const divisor4 = f32x4.splat(divisor);
    let band = 0;
    for (; band < even; band += 4) {
      v128.store(y + ((<usize>band) << 2), f32x4.div(v128.load(x + ((<usize>band) << 2)), divisor4));
    }
    for (; band < bands; band++) {
      store<f32>(y + ((<usize>band) << 2), load<f32>(x + ((<usize>band) << 2)) / divisor);
    }
  }
}
