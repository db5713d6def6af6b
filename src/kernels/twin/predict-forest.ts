/** Rows that go down a tree together before the next tree is taken: their scores stay in the cache. */
export const FOREST_ROWS = 256;

/** Room for 512 parts that wait and 257 single rows, two numbers each. */
const QUEUES = 2 * (512 + 258);

/** Float32 numbers of scratch space that `predictForest` needs. */
export function forestScratch(features: number, classes: number): number {
  return FOREST_ROWS * (features + ((classes + 3) & ~3)) + QUEUES;
}

/**
 * Class probabilities of each row: the mean over the trees of the distributions of the leaves it falls into, summed in
 * float32 in the order of the trees, so that neither the block nor the row's neighbours change a bit of it.
 * Memory: `nodes` pairs (threshold as the bits of a float32, feature·2²⁴ + left); `starts[tree]` is the pair before the root of
 * a tree, and left counts from there. A row goes to left when x ≤ threshold, else (NaN too) to left + 1. A leaf has a NaN
 * for threshold and stands one after its left, so that whoever arrives stays. `leaf[node]` is a row of `distributions`,
 * which is padded to width = `classes` rounded up to a multiple of 4. `out[row * classes + k]`.
 */
export function predictForest(
  nodes: Int32Array,
  leaf: Int32Array,
  starts: Int32Array,
  trees: number,
  distributions: Float32Array,
  classes: number,
  scores: Float32Array,
  count: number,
  features: number,
  _scratch: Float32Array,
  out: Float32Array,
): void {
  const width = (classes + 3) & ~3;
  const thresholds = new Float32Array(nodes.buffer, nodes.byteOffset, nodes.length);
  for (let first = 0; first < count; first += FOREST_ROWS) {
    const end = Math.min(count, first + FOREST_ROWS);
    out.fill(0, first * classes, end * classes);
    for (let tree = 0; tree < trees; tree++) {
      const start = starts[tree];
      for (let row = first; row < end; row++) {
        let node = 0;
        for (let next = 1; next !== node; ) {
          node = next;
          const word = nodes[2 * (start + node) + 1];
          const goesLeft = scores[row * features + (word >>> 24)] <= thresholds[2 * (start + node)];
          next = (word & 0xffffff) + (goesLeft ? 0 : 1);
        }
        const from = leaf[start + node] * width;
        for (let k = 0; k < classes; k++) out[row * classes + k] += distributions[from + k];
      }
    }
    for (let i = first * classes; i < end * classes; i++) out[i] /= trees;
  }
}
