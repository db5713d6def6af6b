/** values, out: count × bands f32. The peak is found band by band, the row divided four at a time; the twin's to the bit. */
export function peakScale(values: usize, count: i32, bands: i32, first: i32, end: i32, out: usize): void {
  const even = bands & ~3;
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    let peak: f32 = -Infinity;
    for (let band = first; band < end; band++) peak = max<f32>(peak, load<f32>(x + ((<usize>band) << 2)));
    const divisor: f32 = peak > 0 && peak < Infinity ? peak : NaN;
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
