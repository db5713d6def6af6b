/**
 * values: count × bands f32; weights: taps f32; scratch: bands f32; out: count × outBands f32.
 * Sixteen bands at a time in four f32x4, each summed in the twin's order: the results are the twin's to the bit.
 */
export function sumDifferences(
  values: usize,
  count: i32,
  bands: i32,
  first: i32,
  end: i32,
  weights: usize,
  taps: i32,
  scratch: usize,
  outFirst: i32,
  outBands: i32,
  out: usize,
): void {
  for (let row = 0; row < count; row++) {
    differences(values + ((<usize>row * bands) << 2), first - taps + 1, end + taps - 1, scratch);
    const y = out + ((<usize>(row * outBands + outFirst - first)) << 2);
    let band = first;
    for (; band + 16 <= end; band += 16) {
      const at = (<usize>band) << 2;
      const g = scratch + at;
      const middle = v128.load32_splat(weights);
      let a = f32x4.mul(middle, v128.load(g));
      let b = f32x4.mul(middle, v128.load(g, 16));
      let c = f32x4.mul(middle, v128.load(g, 32));
      let d = f32x4.mul(middle, v128.load(g, 48));
      for (let k: usize = 4; k < (<usize>taps) << 2; k += 4) {
        const weight = v128.load32_splat(weights + k);
        const left = g - k;
        const right = g + k;
        a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(left), v128.load(right))));
        b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(left, 16), v128.load(right, 16))));
        c = f32x4.add(c, f32x4.mul(weight, f32x4.add(v128.load(left, 32), v128.load(right, 32))));
        d = f32x4.add(d, f32x4.mul(weight, f32x4.add(v128.load(left, 48), v128.load(right, 48))));
      }
      v128.store(y + at, a);
      v128.store(y + at, b, 16);
      v128.store(y + at, c, 32);
      v128.store(y + at, d, 48);
    }
    for (; band < end; band++) {
      const at = (<usize>band) << 2;
      const g = scratch + at;
      let sum: f32 = load<f32>(weights) * load<f32>(g);
      for (let k: usize = 4; k < (<usize>taps) << 2; k += 4) {
        sum += load<f32>(weights + k) * (load<f32>(g - k) + load<f32>(g + k));
      }
      store<f32>(y + at, sum);
    }
  }
}

/** The second differences of a row at the bands [first, end). */
function differences(x: usize, first: i32, end: i32, to: usize): void {
  let band = first;
  for (; band + 4 <= end; band += 4) {
    const at = (<usize>band) << 2;
    const here = v128.load(x + at);
    const next = f32x4.sub(v128.load(x + at, 4), here);
    v128.store(to + at, f32x4.sub(next, f32x4.sub(here, v128.load(x + at - 4))));
  }
  for (; band < end; band++) {
    const at = (<usize>band) << 2;
    const here = load<f32>(x + at);
    store<f32>(to + at, load<f32>(x + at, 4) - here - (here - load<f32>(x + at - 4)));
  }
}
