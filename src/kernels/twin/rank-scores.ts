/** Thresholds of one column at the most, so that a rank fits 16 bits and the highest of them is left for leaves. */
export const COLUMN_THRESHOLDS = 65535;

/**
 * Replace each score by the number of thresholds below it: x ≤ t[i] is the same as rank ≤ i, so that nothing is lost, and a
 * forest compares small whole numbers. NaN is beyond all thresholds.
 * Memory: `columns` triples (feature, first, places): the thresholds of a column are ascending from `thresholds[first]`, and
 * filled with Infinity up to places − 1, places a power of two. `ranks[row * columnCount + column]`.
 */
export function rankScores(
  scores: Float32Array,
  count: number,
  features: number,
  columns: Int32Array,
  columnCount: number,
  thresholds: Float32Array,
  ranks: Uint16Array,
): void {
  for (let column = 0; column < columnCount; column++) {
    const [feature, first, places] = columns.subarray(3 * column, 3 * column + 3);
    for (let row = 0; row < count; row++) {
      const score = scores[row * features + feature];
      let rank = 0;
      for (let half = places >> 1; half > 0; half >>= 1) {
        // Not <, so that NaN passes every threshold.
        if (!(thresholds[first + rank + half - 1] >= score)) rank += half;
      }
      ranks[row * columnCount + column] = rank;
    }
  }
}
