/** Patches of a bag of n that count: k itself, or by rule clamp(round(0.03 · n), 1, 15); never more than there are. */
export function kFor(n: number, k: number | "rule"): number {
  return Math.min(n, k === "rule" ? Math.max(1, Math.min(15, Math.round(0.03 * n))) : k);
}

/** Indices from `first` to `end` of the k highest scores, highest first; of equal ones the first in the bag. NaN is lowest. */
export function topK(scores: ArrayLike<number>, first: number, end: number, k: number): Int32Array {
  const order = Array.from({ length: end - first }, (_, i) => first + i);
  const value = (i: number) => (Number.isNaN(scores[i]) ? Number.NEGATIVE_INFINITY : scores[i]);
  order.sort((a, b) => value(b) - value(a) || a - b);
  return Int32Array.from(order.slice(0, k));
}
