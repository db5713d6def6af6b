/** values: count × bands f32; codes: count u8. Four bands a step, the rest one by one. */
export function markNotFinite(values: usize, count: i32, bands: i32, codes: usize, code: i32): void {
  const whole = bands & ~3;
  for (let row = 0; row < count; row++, codes++) {
    let sums = f32x4.splat(0);
    let band = 0;
    for (; band < whole; band += 4, values += 16) {
      const x = v128.load(values);
      sums = f32x4.add(sums, f32x4.sub(x, x));
    }
    let sum: f32 = 0;
    for (; band < bands; band++, values += 4) {
      const x = load<f32>(values);
      sum += x - x;
    }
    if ((sum !== 0 || v128.any_true(f32x4.ne(sums, f32x4.splat(0)))) && load<u8>(codes) === 0)
      store<u8>(codes, <u8>code);
  }
}
