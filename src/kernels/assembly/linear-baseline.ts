/** values, out: count × bands f32; nodes: nodeCount i32; ramp: bands f32. Four bands at a time, in f32. */
export function linearBaseline(
  values: usize,
  count: i32,
  bands: i32,
  nodes: usize,
  nodeCount: i32,
  ramp: usize,
  out: usize,
): void {
  const one = f32x4.splat(1);
  for (let row = 0; row < count; row++) {
    const x = values + ((<usize>row * bands) << 2);
    const y = out + ((<usize>row * bands) << 2);
    for (let piece = 0; piece < nodeCount - 1; piece++) {
      const leftNode = load<i32>(nodes + ((<usize>piece) << 2));
      const rightNode = load<i32>(nodes + ((<usize>piece) << 2), 4);
      const left = load<f32>(x + ((<usize>leftNode) << 2));
      const right = load<f32>(x + ((<usize>rightNode) << 2));
      const left4 = f32x4.splat(left);
      const right4 = f32x4.splat(right);
      const end = piece === nodeCount - 2 ? bands : rightNode;
      let band = piece === 0 ? 0 : leftNode;
      for (; band + 4 <= end; band += 4) {
        const at = (<usize>band) << 2;
        const t = v128.load(ramp + at);
        const line = f32x4.add(f32x4.mul(left4, f32x4.sub(one, t)), f32x4.mul(right4, t));
        v128.store(y + at, f32x4.sub(v128.load(x + at), line));
      }
      for (; band < end; band++) {
        const at = (<usize>band) << 2;
        const t = load<f32>(ramp + at);
        store<f32>(y + at, load<f32>(x + at) - (left * (1 - t) + right * t));
      }
    }
  }
}
