/** values: count × bands f32; stretches: stretchCount × (first band, length) i32; out: count × outBands f32. */
export function gather(
  values: usize,
  count: i32,
  bands: i32,
  stretches: usize,
  stretchCount: i32,
  outBands: i32,
  out: usize,
): void {
  for (let row = 0; row < count; row++) {
    const from = values + ((<usize>row * bands) << 2);
    let to = out + ((<usize>row * outBands) << 2);
    for (let stretch = 0; stretch < stretchCount; stretch++) {
      const first = load<i32>(stretches + ((<usize>stretch) << 3));
      const bytes = (<usize>load<i32>(stretches + ((<usize>stretch) << 3), 4)) << 2;
      memory.copy(to, from + ((<usize>first) << 2), bytes);
      to += bytes;
    }
  }
}
