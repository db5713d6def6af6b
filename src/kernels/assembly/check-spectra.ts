/**
 * values: count × bands f32; stretches: stretchCount × 2 i32, first band and length; weights: length f64; marks: 4 u8; codes: count u8.
 * NaN and height four bands at a time; the weighted
 * sum in scalar f64 and in the twin's order, so that a spectrum on the limit falls to the same side.
 */
export function checkSpectra(
  values: usize,
  count: i32,
  bands: i32,
  stretches: usize,
  stretchCount: i32,
  saturated: f64,
  weights: usize,
  first: i32,
  length: i32,
  minimum: f64,
  marks: usize,
  codes: usize,
): void {
  for (let row = 0; row < count; row++) {
    if (load<u8>(codes + row) !== 0) continue;
    const x = values + ((<usize>row * bands) << 2);
    let mark = -1;
    let high: f32 = -Infinity;
    for (let stretch = 0; stretch < stretchCount; stretch++) {
      const at = stretches + ((<usize>stretch) << 3);
      // NaN stays NaN.
      high = max<f32>(high, highest(x + ((<usize>load<i32>(at)) << 2), load<i32>(at, 4)));
    }
    // NaN is neither.
    if (!(high < Infinity)) mark = 0;
    else if (isConstant(x, stretches, stretchCount)) mark = 1;
    else if (<f64>high > saturated) mark = 2;
    else if (weighted(x + ((<usize>first) << 2), weights, length) < minimum) mark = 3;
    if (mark >= 0) store<u8>(codes + row, load<u8>(marks + mark));
  }
}

/** The largest of some values in a row, NaN where one is NaN or infinite. */
function highest(x: usize, bands: i32): f32 {
  const lowest = f32x4.splat(-Infinity);
  let high0 = lowest;
  let high1 = lowest;
  let rest0 = f32x4.splat(0);
  let rest1 = f32x4.splat(0);
  let band = 0;
  for (; band + 8 <= bands; band += 8, x += 32) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    high0 = f32x4.pmax(high0, a);
    high1 = f32x4.pmax(high1, b);
    rest0 = f32x4.add(rest0, f32x4.sub(a, a));
    rest1 = f32x4.add(rest1, f32x4.sub(b, b));
  }
  const both = f32x4.pmax(high0, high1);
  const rest4 = f32x4.add(rest0, rest1);
  let high: f32 = f32x4.extract_lane(both, 0);
  high = max<f32>(high, f32x4.extract_lane(both, 1));
  high = max<f32>(high, f32x4.extract_lane(both, 2));
  high = max<f32>(high, f32x4.extract_lane(both, 3));
  let rest: f32 =
    f32x4.extract_lane(rest4, 0) +
    f32x4.extract_lane(rest4, 1) +
    f32x4.extract_lane(rest4, 2) +
    f32x4.extract_lane(rest4, 3);
  for (; band < bands; band++, x += 4) {
    const value = load<f32>(x);
    rest += value - value;
    high = max<f32>(high, value);
  }
  // The rest is 0 or NaN.
  return high + rest;
}

/** Whether all values of a row are the same: most rows differ at the second band. */
function isConstant(x: usize, stretches: usize, stretchCount: i32): bool {
  const value = load<f32>(x + ((<usize>load<i32>(stretches)) << 2));
  for (let stretch = 0; stretch < stretchCount; stretch++) {
    const at = stretches + ((<usize>stretch) << 3);
    const first = x + ((<usize>load<i32>(at)) << 2);
    const length = load<i32>(at, 4);
    for (let band = 0; band < length; band++) if (load<f32>(first + ((<usize>band) << 2)) !== value) return false;
  }
  return true;
}

function weighted(x: usize, weights: usize, length: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < length; i++) {
    sum += load<f64>(weights + ((<usize>i) << 3)) * <f64>load<f32>(x + ((<usize>i) << 2));
  }
  return sum;
}
