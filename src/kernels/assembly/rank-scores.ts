/** The rank at a leaf; every rank is at or below it. */
export const LEAF: u32 = 0xffff;

/**
 * scores: count × features f32; columns: (feature, first, places) i32 a column; thresholds: f32.
 * The ranks, u16, go to groups of 32 rows: column 0 of row 0 … 31 │ column 1 … ║ the next 32 rows …
 * Eight rows are searched at once, without a branch. Beyond `count` the last row is searched again, to the end of its eight.
 */
export function rankScores(
  scores: usize,
  count: i32,
  features: i32,
  columns: usize,
  columnCount: i32,
  thresholds: usize,
  ranks: usize,
): void {
  const side = (<usize>features) << 2;
  for (let column = 0; column < columnCount; column++, columns += 12) {
    const first = thresholds + ((<usize>load<u32>(columns, 4)) << 2);
    const top = (<usize>load<u32>(columns, 8)) << 1;
    let x = scores + ((<usize>load<u32>(columns)) << 2);
    const last = x + <usize>(count - 1) * side;
    for (let row = 0; row < count; row += 8, x += side << 3) {
      const s0 = load<f32>(x);
      const s1 = load<f32>(min(x + side, last));
      const s2 = load<f32>(min(x + 2 * side, last));
      const s3 = load<f32>(min(x + 3 * side, last));
      const s4 = load<f32>(min(x + 4 * side, last));
      const s5 = load<f32>(min(x + 5 * side, last));
      const s6 = load<f32>(min(x + 6 * side, last));
      const s7 = load<f32>(min(x + 7 * side, last));
      let a = first;
      let b = first;
      let c = first;
      let d = first;
      let e = first;
      let f = first;
      let g = first;
      let h = first;
      for (let half = top; half >= 4; half >>= 1) {
        a = pass(a, s0, half);
        b = pass(b, s1, half);
        c = pass(c, s2, half);
        d = pass(d, s3, half);
        e = pass(e, s4, half);
        f = pass(f, s5, half);
        g = pass(g, s6, half);
        h = pass(h, s7, half);
      }
      const group = <usize>(row >> 5) * <usize>columnCount + <usize>column;
      const to = ranks + (group << 6) + ((<usize>(row & 31)) << 1);
      store<u16>(to, <u16>((a - first) >> 2));
      store<u16>(to, <u16>((b - first) >> 2), 2);
      store<u16>(to, <u16>((c - first) >> 2), 4);
      store<u16>(to, <u16>((d - first) >> 2), 6);
      store<u16>(to, <u16>((e - first) >> 2), 8);
      store<u16>(to, <u16>((f - first) >> 2), 10);
      store<u16>(to, <u16>((g - first) >> 2), 12);
      store<u16>(to, <u16>((h - first) >> 2), 14);
    }
  }
}

/** Go on by `half` bytes when the last threshold on the way is below the score, or the score is NaN. */
function pass(at: usize, score: f32, half: usize): usize {
  return at + (half & (0 - <usize>!(load<f32>(at + half - 4) >= score)));
}
