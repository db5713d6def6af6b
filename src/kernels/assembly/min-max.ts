/** values, out: count × bands f32. Four bands at a time; the results are the twin's to the bit. */
export function minMax(values: usize, count: i32, bands: i32, out: usize): void {
  const even = bands & ~3;
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    let low4 = f32x4.splat(Infinity);
    let high4 = f32x4.splat(-Infinity);
    let band = 0;
    for (; band < even; band += 4) {
      const four = v128.load(x + ((<usize>band) << 2));
      low4 = f32x4.min(low4, four);
      high4 = f32x4.max(high4, four);
    }
    let low: f32 = Infinity;
    let high: f32 = -Infinity;
    low = min<f32>(low, f32x4.extract_lane(low4, 0));
    low = min<f32>(low, f32x4.extract_lane(low4, 1));
    low = min<f32>(low, f32x4.extract_lane(low4, 2));
    low = min<f32>(low, f32x4.extract_lane(low4, 3));
    high = max<f32>(high, f32x4.extract_lane(high4, 0));
    high = max<f32>(high, f32x4.extract_lane(high4, 1));
    high = max<f32>(high, f32x4.extract_lane(high4, 2));
    high = max<f32>(high, f32x4.extract_lane(high4, 3));
    for (; band < bands; band++) {
      const value = load<f32>(x + ((<usize>band) << 2));
      low = min<f32>(low, value);
      high = max<f32>(high, value);
    }
    const range = high - low;
    const divisor: f32 = range === 0 ? 1 : range < Infinity ? range : NaN;
    low4 = f32x4.splat(low);
    const divisor4 = f32x4.splat(divisor);
    for (band = 0; band < even; band += 4) {
      const above = f32x4.sub(v128.load(x + ((<usize>band) << 2)), low4);
      v128.store(y + ((<usize>band) << 2), f32x4.div(above, divisor4));
    }
    for (; band < bands; band++) {
      store<f32>(y + ((<usize>band) << 2), (load<f32>(x + ((<usize>band) << 2)) - low) / divisor);
    }
  }
}
