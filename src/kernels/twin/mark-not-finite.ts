/**
 * Put `code` at each row that has a NaN or an infinity in the bands of `stretches` (a first band and a length each) and the code 0.
 * `values[row * bands + band]`.
 */
export function markNotFinite(
  values: Float32Array,
  count: number,
  bands: number,
  stretches: Int32Array,
  stretchCount: number,
  codes: Uint8Array,
  code: number,
): void {
  for (let row = 0; row < count; row++) {
    // x − x is 0 for every number but NaN and the infinities, which make the sum NaN.
    let sum = 0;
    for (let stretch = 0; stretch < stretchCount; stretch++) {
      const from = row * bands + stretches[2 * stretch];
      for (let i = from; i < from + stretches[2 * stretch + 1]; i++) sum += values[i] - values[i];
    }
    if (sum !== 0 && codes[row] === 0) codes[row] = code;
  }
}
