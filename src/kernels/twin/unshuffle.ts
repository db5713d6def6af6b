/**
 * Put 4-byte numbers back together whose bytes were sorted, as HDF5's shuffle filter does before it deflates: all first bytes, then
 * all second ones, and so on. `planes[byte * count + i]` goes to `out[4 * i + byte]`; nothing is done to the numbers.
 */
export function unshuffle(planes: Uint8Array, count: number, out: Uint8Array): void {
  for (let byte = 0; byte < 4; byte++) {
    for (let i = 0; i < count; i++) out[4 * i + byte] = planes[byte * count + i];
  }
}
