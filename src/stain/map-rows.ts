import type { StainMap } from "../cube/stain-map.js";

/** One row of a map; arrays as in `StainMap`, for its pixels only. */
export interface MapRow {
  readonly classes: Uint8Array;
  readonly probabilities: Float32Array;
  readonly rejected: Uint8Array;
}

/** The rows of a map, or of one that comes in blocks of rows from the top to the bottom, one after another. */
export function* mapRows(
  blocks: Iterable<MapRow & { readonly rows: number }>,
  cols: number,
  size: number,
): Generator<MapRow> {
  for (const { rows, classes, probabilities, rejected } of blocks) {
    for (let row = 0; row < rows; row++) {
      const [start, end] = [row * cols, (row + 1) * cols];
      yield {
        classes: classes.subarray(start, end),
        probabilities: probabilities.subarray(start * size, end * size),
        rejected: rejected.subarray(start, end),
      };
    }
  }
}

/** A map put together from its rows. */
export function mapFrom(
  map: Pick<StainMap, "rows" | "cols" | "classNames" | "labels">,
  rows: Iterable<MapRow>,
): StainMap {
  const pixels = map.rows * map.cols;
  const size = map.labels.length;
  const whole = {
    ...map,
    classes: new Uint8Array(pixels),
    probabilities: new Float32Array(pixels * size),
    rejected: new Uint8Array(pixels),
  };
  let at = 0;
  for (const { classes, probabilities, rejected } of rows) {
    whole.classes.set(classes, at);
    whole.probabilities.set(probabilities, at * size);
    whole.rejected.set(rejected, at);
    at += map.cols;
  }
  return whole;
}
