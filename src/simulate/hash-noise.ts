/** Four bytes that depend on a key and a place of whole numbers, and look random. Mixer: murmur3's finaliser (A. Appleby). */
export function hash(key: number, row: number, col: number): number {
  let h = (key ^ Math.imul(row, 0x9e3779b1) ^ Math.imul(col, 0x85ebca77)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform in [0, 1) at a place of whole numbers. */
export function hashUniform(key: number, row: number, col: number): number {
  return hash(key, row, col) / 4294967296;
}

/**
 * A smooth random field: −1 to 1 at whole numbers, blended between by a cubic; mean 0, standard deviation about 0.4.
 * A function of the place alone, so that an image may be made in any pieces.
 */
export function smoothNoise(key: number, row: number, col: number): number {
  const r = Math.floor(row);
  const c = Math.floor(col);
  const down = row - r;
  const right = col - c;
  const v = down * down * (3 - 2 * down);
  const u = right * right * (3 - 2 * right);
  const top = hash(key, r, c) * (1 - u) + hash(key, r, c + 1) * u;
  const bottom = hash(key, r + 1, c) * (1 - u) + hash(key, r + 1, c + 1) * u;
  return (top * (1 - v) + bottom * v) / 2147483648 - 1;
}
