/**
 * values: count × bands f32; runs: runCount × 5 i32; weights: f64; scratch: bands f64; out: count × outBands f32.
 * Eight output bands at a time in four f64x2, each summed in the twin's order: the results are the twin's to the bit.
 */
export function slidingSum(
  values: usize,
  count: i32,
  bands: i32,
  runs: usize,
  runCount: i32,
  weights: usize,
  scratch: usize,
  outBands: i32,
  out: usize,
): void {
  // Near the ends of a stretch the runs are one band long, and what they read is converted on the way.
  let long = false;
  for (let run = 0; run < runCount; run++) {
    const at = runs + <usize>run * 20;
    if (load<i32>(at, 4) - load<i32>(at) >= 8) long = true;
  }
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * outBands) << 2);
    if (long) toFloat64(x, bands, scratch);
    for (let run = 0; run < runCount; run++) {
      const at = runs + <usize>run * 20;
      let band = load<i32>(at);
      const end = load<i32>(at, 4);
      const first = <usize>load<i32>(at, 8);
      let input = scratch + (first << 3);
      let single = x + (first << 2);
      const width = load<i32>(at, 12);
      const offset = weights + ((<usize>load<i32>(at, 16)) << 3);
      for (; band + 8 <= end; band += 8) {
        let a = f64x2.splat(0);
        let b = f64x2.splat(0);
        let c = f64x2.splat(0);
        let d = f64x2.splat(0);
        for (let k = 0; k < width; k++) {
          const weight = v128.load64_splat(offset + ((<usize>k) << 3));
          const from = input + ((<usize>k) << 3);
          a = f64x2.add(a, f64x2.mul(weight, v128.load(from)));
          b = f64x2.add(b, f64x2.mul(weight, v128.load(from, 16)));
          c = f64x2.add(c, f64x2.mul(weight, v128.load(from, 32)));
          d = f64x2.add(d, f64x2.mul(weight, v128.load(from, 48)));
        }
        const to = y + ((<usize>band) << 2);
        v128.store(to, v128.shuffle<i64>(v128.demote_zero<f64>(a), v128.demote_zero<f64>(b), 0, 2));
        v128.store(to, v128.shuffle<i64>(v128.demote_zero<f64>(c), v128.demote_zero<f64>(d), 0, 2), 16);
        input += 64;
        single += 32;
      }
      for (; band < end; band++) {
        let sum: f64 = 0;
        for (let k = 0; k < width; k++) {
          sum += load<f64>(offset + ((<usize>k) << 3)) * <f64>load<f32>(single + ((<usize>k) << 2));
        }
        store<f32>(y + ((<usize>band) << 2), <f32>sum);
        single += 4;
      }
    }
  }
}

function toFloat64(x: usize, bands: i32, to: usize): void {
  let band = 0;
  for (; band + 2 <= bands; band += 2) {
    v128.store(to + ((<usize>band) << 3), v128.promote_low<f32>(v128.load64_zero(x + ((<usize>band) << 2))));
  }
  if (band < bands) store<f64>(to + ((<usize>band) << 3), <f64>load<f32>(x + ((<usize>band) << 2)));
}
