/**
 * Polynomials of degree 0 … `degree` that are orthonormal over some points: gives their values, or their derivatives, at any t.
 * More points than `degree` are needed. Scale the points to about ±1 (or small integers) first.
 * Source: Forsythe's three-term recurrence (1957), stable where powers of x are not.
 */
export function orthonormalPolynomials(
  points: ArrayLike<number>,
  degree: number,
): (t: number, derivative: number) => Float64Array {
  const shift = new Float64Array(degree + 1);
  const ratio = new Float64Array(degree + 1);
  const length = new Float64Array(degree + 1);
  let before = new Float64Array(points.length);
  let current = new Float64Array(points.length).fill(1);
  let squaresBefore = 1;
  for (let k = 0; k <= degree; k++) {
    let squares = 0;
    let moment = 0;
    for (let i = 0; i < points.length; i++) {
      squares += current[i] * current[i];
      moment += points[i] * current[i] * current[i];
    }
    length[k] = Math.sqrt(squares);
    shift[k] = moment / squares;
    ratio[k] = k === 0 ? 0 : squares / squaresBefore;
    squaresBefore = squares;
    const next = current.map((value, i) => (points[i] - shift[k]) * value - ratio[k] * before[i]);
    before = current;
    current = next;
  }

  return (t, derivative) => {
    // Row d of the table is the d-th derivative of the recurrence p[k+1] = (t − shift)·p[k] − ratio·p[k−1].
    let lower = new Float64Array(degree + 1);
    for (let d = 0; d <= derivative; d++) {
      const values = new Float64Array(degree + 1);
      values[0] = d === 0 ? 1 : 0;
      for (let k = 0; k < degree; k++) {
        values[k + 1] = d * lower[k] + (t - shift[k]) * values[k] - (k > 0 ? ratio[k] * values[k - 1] : 0);
      }
      lower = values;
    }
    return lower.map((value, k) => value / length[k]);
  };
}
