/** values, out: count × bands f32; project, curves: curveCount × bands f64; amounts: curveCount f64 (scratch). f64x2 lanes. */
export function subtractFit(
  values: usize,
  count: i32,
  bands: i32,
  project: usize,
  curves: usize,
  curveCount: i32,
  amounts: usize,
  out: usize,
): void {
  const even = bands & ~1;
  const stride = (<usize>bands) << 3;
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    for (let curve = 0; curve < curveCount; curve++) {
      const weights = project + <usize>curve * stride;
      let two = f64x2.splat(0);
      let band = 0;
      for (; band < even; band += 2) {
        const value = v128.promote_low<f32>(v128.load64_zero(x + ((<usize>band) << 2)));
        two = f64x2.add(two, f64x2.mul(v128.load(weights + ((<usize>band) << 3)), value));
      }
      let sum = f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1);
      if (band < bands) sum += load<f64>(weights + ((<usize>band) << 3)) * <f64>load<f32>(x + ((<usize>band) << 2));
      store<f64>(amounts + ((<usize>curve) << 3), sum);
    }
    let band = 0;
    for (; band < even; band += 2) {
      let fit = f64x2.splat(0);
      for (let curve = 0; curve < curveCount; curve++) {
        const shape = v128.load(curves + <usize>curve * stride + ((<usize>band) << 3));
        fit = f64x2.add(fit, f64x2.mul(v128.load64_splat(amounts + ((<usize>curve) << 3)), shape));
      }
      const value = v128.promote_low<f32>(v128.load64_zero(x + ((<usize>band) << 2)));
      v128.store64_lane(y + ((<usize>band) << 2), v128.demote_zero<f64>(f64x2.sub(value, fit)), 0);
    }
    if (band < bands) {
      let fit: f64 = 0;
      for (let curve = 0; curve < curveCount; curve++) {
        fit +=
          load<f64>(amounts + ((<usize>curve) << 3)) * load<f64>(curves + <usize>curve * stride + ((<usize>band) << 3));
      }
      store<f32>(y + ((<usize>band) << 2), <f32>(<f64>load<f32>(x + ((<usize>band) << 2)) - fit));
    }
  }
}
