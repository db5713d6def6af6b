/** Copy stretches of bands of each row, one after another; `stretches` holds a first band and a length a stretch. */
export function gather(
  values: Float32Array,
  count: number,
  bands: number,
  stretches: Int32Array,
  stretchCount: number,
  outBands: number,
  out: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    let to = row * outBands;
    for (let stretch = 0; stretch < stretchCount; stretch++) {
      const from = row * bands + stretches[2 * stretch];
      const length = stretches[2 * stretch + 1];
      for (let band = 0; band < length; band++) out[to++] = values[from + band];
    }
  }
}
