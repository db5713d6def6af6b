/**
 * Row numbers in ascending order of their score, equal scores in row order. No score may be NaN; -0 equals 0.
 * A radix sort over the bits of the floats, three passes of 11: time grows with the rows, not faster.
 */
export function ascendingOrder(scores: Float32Array): Uint32Array {
  const count = scores.length;
  const keys = new Float32Array(count);
  const bits = new Uint32Array(keys.buffer);
  for (let row = 0; row < count; row++) {
    // Adding 0 makes -0 a 0. Bits of negative floats run backwards: flip them all, and only the sign of the others.
    keys[row] = scores[row] + 0;
    bits[row] = bits[row] & 0x80000000 ? ~bits[row] : bits[row] | 0x80000000;
  }
  let order = new Uint32Array(count);
  let other = new Uint32Array(count);
  for (let row = 0; row < count; row++) order[row] = row;
  for (const shift of [0, 11, 22]) {
    const start = new Uint32Array(2049);
    for (let row = 0; row < count; row++) start[((bits[row] >>> shift) & 2047) + 1]++;
    for (let digit = 0; digit < 2048; digit++) start[digit + 1] += start[digit];
    for (let i = 0; i < count; i++) other[start[(bits[order[i]] >>> shift) & 2047]++] = order[i];
    [order, other] = [other, order];
  }
  return order;
}
