/** The quantile of the standard normal that leaves 2.5 % above it. */
const Z = 1.959963984540054;

/**
 * The 95 % interval of a share of k in n by the score of Wilson 1927, doi:10.1080/01621459.1927.10502953; it holds where k is 0 or n
 * and treats the n as independent. Undefined for n = 0.
 */
export function wilson(k: number, n: number): [low: number, high: number] | undefined {
  return n === 0 ? undefined : wilsonAt(k / n, n);
}

/** The same of a share and a number of units that need not be whole; `z` is the normal's quantile, or Student's in its place. */
export function wilsonAt(share: number, n: number, z = Z): [low: number, high: number] {
  const whole = 1 + z ** 2 / n;
  const middle = (share + z ** 2 / (2 * n)) / whole;
  const half = (z / whole) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
