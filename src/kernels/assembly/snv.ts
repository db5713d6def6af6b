/** values, out: count × bands f32. Sums and differences in two f64x2 lanes: an offset far above the spread costs nothing. */
export function snv(values: usize, count: i32, bands: i32, ddof: i32, out: usize): void {
  const even = bands & ~3;
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let band = 0;
    for (; band < even; band += 4) {
      const four = v128.load(x + ((<usize>band) << 2));
      low = f64x2.add(low, v128.promote_low<f32>(four));
      high = f64x2.add(high, v128.promote_low<f32>(v128.shuffle<i32>(four, four, 2, 3, 0, 1)));
    }
    let both = f64x2.add(low, high);
    let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    for (; band < bands; band++) sum += <f64>load<f32>(x + ((<usize>band) << 2));
    const mean = sum / <f64>bands;
    const mean2 = f64x2.splat(mean);

    low = f64x2.splat(0);
    high = f64x2.splat(0);
    for (band = 0; band < even; band += 4) {
      const four = v128.load(x + ((<usize>band) << 2));
      const a = f64x2.sub(v128.promote_low<f32>(four), mean2);
      const b = f64x2.sub(v128.promote_low<f32>(v128.shuffle<i32>(four, four, 2, 3, 0, 1)), mean2);
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    both = f64x2.add(low, high);
    let squares = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    for (; band < bands; band++) {
      const rest = <f64>load<f32>(x + ((<usize>band) << 2)) - mean;
      squares += rest * rest;
    }
    const scale: f64 = squares === 0 ? 0 : 1 / Math.sqrt(squares / <f64>(bands - ddof));
    const scale2 = f64x2.splat(scale);
    for (band = 0; band < even; band += 4) {
      const four = v128.load(x + ((<usize>band) << 2));
      const a = f64x2.mul(f64x2.sub(v128.promote_low<f32>(four), mean2), scale2);
      const b = f64x2.mul(f64x2.sub(v128.promote_low<f32>(v128.shuffle<i32>(four, four, 2, 3, 0, 1)), mean2), scale2);
      const packed = v128.shuffle<i64>(v128.demote_zero<f64>(a), v128.demote_zero<f64>(b), 0, 2);
      v128.store(y + ((<usize>band) << 2), packed);
    }
    for (; band < bands; band++) {
      store<f32>(y + ((<usize>band) << 2), <f32>((<f64>load<f32>(x + ((<usize>band) << 2)) - mean) * scale));
    }
  }
}
