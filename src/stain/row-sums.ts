/** Sums over the square windows around the pixels of an image that comes row by row. */
export interface RowSums {
  /** Take the next row; the sums of the row `radius` above it go to `out`. False while there is none. */
  push(values: Float64Array, out: Float64Array): boolean;
  /** When all rows have come: the sums of the next of the last rows go to `out`. False when there are no more. */
  drain(out: Float64Array): boolean;
}

/**
 * Sum over a square window around every pixel, (2 · radius + 1)² pixels or what of them lies inside the image.
 * Running sums make it O(1) a pixel whatever the radius; `2 · radius + 2` rows are held.
 */
export function openRowSums(cols: number, radius: number): RowSums {
  const ring = Array.from({ length: 2 * radius + 2 }, () => new Float64Array(cols));
  const sum = new Float64Array(cols);
  let came = 0;
  let given = 0;
  const give = (out: Float64Array) => {
    const gone = given - radius - 1;
    if (gone >= 0) {
      const row = ring[gone % ring.length];
      for (let col = 0; col < cols; col++) sum[col] -= row[col];
    }
    out.set(sum);
    given++;
    return true;
  };
  return {
    push(values, out) {
      const row = ring[came % ring.length];
      sumsAlong(values, radius, row);
      for (let col = 0; col < cols; col++) sum[col] += row[col];
      return came++ >= radius && give(out);
    },
    drain: (out) => given < came && give(out),
  };
}

/** The sums along one line. */
function sumsAlong(from: Float64Array, radius: number, to: Float64Array): void {
  const { length } = from;
  let sum = 0;
  for (let i = 0; i < Math.min(radius, length); i++) sum += from[i];
  for (let i = 0; i < length; i++) {
    if (i + radius < length) sum += from[i + radius];
    if (i - radius > 0) sum -= from[i - radius - 1];
    to[i] = sum;
  }
}
