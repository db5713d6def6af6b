/** values, out: count × bands f32, row after row. Sums run in two f64x2 lanes. */
export function vectorNorm(values: usize, count: i32, bands: i32, out: usize): void {
  const even = bands & ~3;
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let band = 0;
    for (; band < even; band += 4) {
      const four = v128.load(x + ((<usize>band) << 2));
      const a = v128.promote_low<f32>(four);
      const b = v128.promote_low<f32>(v128.shuffle<i32>(four, four, 2, 3, 0, 1));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    const both = f64x2.add(low, high);
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
