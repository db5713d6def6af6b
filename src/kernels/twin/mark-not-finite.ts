/** Put `code` at each row that holds a NaN or an infinity and has the code 0. `values[row * bands + band]`. */
export function markNotFinite(
  values: Float32Array,
  count: number,
  bands: number,
  codes: Uint8Array,
  code: number,
): void {
  for (let row = 0; row < count; row++) {
    // x − x is 0 for every number but NaN and the infinities, which make the sum NaN.
    let sum = 0;
    for (let band = row * bands; band < (row + 1) * bands; band++) sum += values[band] - values[band];
    if (sum !== 0 && codes[row] === 0) codes[row] = code;
  }
}
