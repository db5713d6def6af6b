/**
 * base^exponent of a base that is not negative, with the same bits on every Node: the operator `**` was made anew in Node 24 and
 * differs in the last bit from what 22 gives, while logarithm and exponential do not.
 */
export function power(base: number, exponent: number): number {
  return exponent === 0 ? 1 : Math.exp(exponent * Math.log(base));
}
