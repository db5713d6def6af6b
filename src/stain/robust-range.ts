/** At most this many values are sorted; more are thinned evenly, which moves a percentile by far less than a grey level. */
const ENOUGH = 65_536;

/** Every how many of so many values one is looked at for their range. */
export function rangeStride(values: number): number {
  return Math.ceil(values / ENOUGH);
}

/**
 * The 1st and 99th percentile of the finite values, as limits of a colour scale that a few extreme pixels cannot stretch.
 * [0, 1] when no value is finite. Two equal limits mean a constant image.
 */
export function robustRange(values: Float32Array, accept?: (pixel: number) => boolean): [low: number, high: number] {
  const stride = rangeStride(values.length);
  const sorted = new Float32Array(Math.ceil(values.length / Math.max(stride, 1)));
  let count = 0;
  for (let i = 0; i < values.length; i += stride) {
    if (Number.isFinite(values[i]) && (accept?.(i) ?? true)) sorted[count++] = values[i];
  }
  if (count === 0) return [0, 1];
  const some = sorted.subarray(0, count).sort();
  return [some[Math.round(0.01 * (count - 1))], some[Math.round(0.99 * (count - 1))]];
}
