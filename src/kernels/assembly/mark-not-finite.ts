/**
 * values: count × bands f32; stretches: stretchCount × 2 i32, first band and length; codes: count u8. Four bands a step, the rest of
 * a stretch one by one.
 */
export function markNotFinite(
  values: usize,
  count: i32,
  bands: i32,
  stretches: usize,
  stretchCount: i32,
  codes: usize,
  code: i32,
): void {
  for (let row = 0; row < count; row++, codes++) {
    let sums = f32x4.splat(0);
    let sum: f32 = 0;
    for (let stretch = 0; stretch < stretchCount; stretch++) {
      const at = stretches + ((<usize>stretch) << 3);
      let x = values + ((<usize>(row * bands + load<i32>(at))) << 2);
      const length = load<i32>(at, 4);
      let band = 0;
      for (; band + 4 <= length; band += 4, x += 16) {
        const four = v128.load(x);
        sums = f32x4.add(sums, f32x4.sub(four, four));
      }
      for (; band < length; band++, x += 4) {
        const value = load<f32>(x);
        sum += value - value;
      }
    }
    if ((sum !== 0 || v128.any_true(f32x4.ne(sums, f32x4.splat(0)))) && load<u8>(codes) === 0)
      store<u8>(codes, <u8>code);
  }
}
