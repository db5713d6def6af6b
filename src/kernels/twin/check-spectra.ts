/**
 * Give each row whose code is 0 the code of the first check it fails, out of the four in `marks`: a value that is NaN or infinite;
 * all values the same; one above `saturated`; Σ weights[i] · y[first + i] over `length` bands, in Float64 and in order, below
 * `minimum`. The first three look at the bands of `stretches` (a first band and a length each). Infinity as `saturated` and −Infinity
 * as `minimum` switch a check off.
 */
export function checkSpectra(
  values: Float32Array,
  count: number,
  bands: number,
  stretches: Int32Array,
  stretchCount: number,
  saturated: number,
  weights: Float64Array,
  first: number,
  length: number,
  minimum: number,
  marks: Uint8Array,
  codes: Uint8Array,
): void {
  for (let row = 0; row < count; row++) {
    if (codes[row] !== 0) continue;
    const start = row * bands;
    const one = values[start + stretches[0]];
    // x − x is 0 for every number but NaN and the infinities, which make the sum NaN.
    let finite = 0;
    let high = one;
    let same = true;
    for (let stretch = 0; stretch < stretchCount; stretch++) {
      const from = start + stretches[2 * stretch];
      for (let i = from; i < from + stretches[2 * stretch + 1]; i++) {
        const value = values[i];
        finite += value - value;
        if (value > high) high = value;
        if (value !== one) same = false;
      }
    }
    let sum = 0;
    for (let i = 0; i < length; i++) sum += weights[i] * values[start + first + i];
    if (finite !== 0) codes[row] = marks[0];
    else if (same) codes[row] = marks[1];
    else if (high > saturated) codes[row] = marks[2];
    else if (sum < minimum) codes[row] = marks[3];
  }
}
