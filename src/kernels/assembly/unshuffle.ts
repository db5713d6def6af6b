/**
 * planes: 4 × count u8, out: count × 4 u8. Sixteen numbers at a time:
 *
 *     a0 a1 a2 …    a0 b0 a1 b1 …    a0 b0 c0 d0 a1 b1 c1 d1 …
 *     b0 b1 b2 …
 *     c0 c1 c2 …    c0 d0 c1 d1 …
 *     d0 d1 d2 …
 */
export function unshuffle(planes: usize, count: i32, out: usize): void {
  const size = <usize>count;
  const whole = size & ~15;
  let at = planes;
  for (const end = planes + whole; at < end; at += 16, out += 64) {
    const a = v128.load(at);
    const b = v128.load(at + size);
    const c = v128.load(at + 2 * size);
    const d = v128.load(at + 3 * size);
    const abLow = v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const abHigh = v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const cdLow = v128.shuffle<i8>(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const cdHigh = v128.shuffle<i8>(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(out, v128.shuffle<i16>(abLow, cdLow, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(out, v128.shuffle<i16>(abLow, cdLow, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(out, v128.shuffle<i16>(abHigh, cdHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
    v128.store(out, v128.shuffle<i16>(abHigh, cdHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
  }
  for (const end = planes + size; at < end; at++, out += 4) {
    store<u8>(out, load<u8>(at));
    store<u8>(out, load<u8>(at + size), 1);
    store<u8>(out, load<u8>(at + 2 * size), 2);
    store<u8>(out, load<u8>(at + 3 * size), 3);
  }
}
