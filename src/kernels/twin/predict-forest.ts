import { rankScores } from "./rank-scores.js";

/** Rows that go down a tree before the next tree is taken: the tree is brought into the cache once for all of them. */
export const FOREST_ROWS = 512;

/** The rank at a leaf; every rank is at or below it. */
export const LEAF_RANK = 0xffff;

/** Columns at the most: a node holds 32 times the number of its column in 16 bits. */
export const MOST_COLUMNS = 2048;

/** Float32 numbers of scratch space that `predictForest` needs; the drawing is in the SIMD form. */
export function forestScratch(columns: number, classes: number): number {
  const perRow = 3 + 4 + 2 + ((classes + 3) & ~3) + (columns + 1) / 2;
  return FOREST_ROWS * Math.ceil(perRow) + 16;
}

/**
 * Class probabilities of each row: the mean over the trees of the distributions of the leaves it falls into, summed in
 * float32 in the order of the trees, so that neither the block nor the row's neighbours change a bit of it.
 * Memory: `nodes` pairs (column·2²¹ + rank, left), counted from `starts[tree]`, the root of a tree: a row goes to left when the
 * rank of its score (`rankScores`) is at most that of the node, else to left + 1. A leaf has the rank 65535 and is its own left,
 * so that whoever arrives stays. `leaf[node]` is a row of `distributions`, which is padded to width = `classes` rounded up to a
 * multiple of 4. `out[row * classes + k]`.
 */
export function predictForest(
  nodes: Int32Array,
  leaf: Int32Array,
  starts: Int32Array,
  trees: number,
  distributions: Float32Array,
  classes: number,
  columns: Int32Array,
  columnCount: number,
  thresholds: Float32Array,
  scores: Float32Array,
  count: number,
  features: number,
  _scratch: Float32Array,
  out: Float32Array,
): void {
  const width = (classes + 3) & ~3;
  const ranks = new Uint16Array(count * columnCount);
  rankScores(scores, count, features, columns, columnCount, thresholds, ranks);
  out.fill(0, 0, count * classes);
  for (let row = 0; row < count; row++) {
    for (let tree = 0; tree < trees; tree++) {
      let node = starts[tree];
      for (;;) {
        const word = nodes[2 * node];
        const rank = word & 0xffff;
        if (rank === LEAF_RANK) break;
        const goesLeft = ranks[row * columnCount + (word >>> 21)] <= rank;
        node = starts[tree] + nodes[2 * node + 1] + (goesLeft ? 0 : 1);
      }
      const from = leaf[node] * width;
      for (let k = 0; k < classes; k++) out[row * classes + k] += distributions[from + k];
    }
    for (let k = 0; k < classes; k++) out[row * classes + k] /= trees;
  }
}
