import { SpectraError } from "../cube/errors.js";
import type { Forest } from "../cube/forest.js";
import type { Kernels } from "../kernels/kernels.js";
import { forestScratch, LEAF_RANK } from "../kernels/twin/predict-forest.js";
import { rankForest } from "./rank-forest.js";

/**
 * A forest made ready: `scores[row * features + feature]` to `probabilities[row * classes + k]`, the mean over the trees of
 * the leaf distributions, in float32. Both arrays must come from the room of the kernels. A NaN score goes right at every split.
 */
export type Predictor = (scores: Float32Array, count: number, probabilities: Float32Array) => void;

/** Nodes of one tree at the most: a part names its node in 24 bits. */
const MOST_NODES = 2 ** 24 - 1;

/** Lay a forest out for the kernels: ranks for thresholds, 8 bytes a node, see `predictForest` among them. */
export function prepareForest(forest: Forest, kernels: Kernels): Predictor {
  const { trees, features, classes, roots } = forest;
  if (features > 256) {
    throw new SpectraError(
      "params",
      "forest",
      `the forest has ${features} features, 256 at the most; keep fewer components`,
    );
  }
  const total = forest.left.length;
  const ranked = rankForest(forest);
  const columnCount = ranked.columns.length / 3;
  const columns = kernels.int32(ranked.columns.length);
  columns.set(ranked.columns);
  const thresholds = kernels.float32(ranked.thresholds.length);
  thresholds.set(ranked.thresholds);
  const nodes = kernels.int32(2 * total);
  const leaf = kernels.int32(total);
  leaf.set(forest.leaf);
  const starts = kernels.int32(trees);
  starts.set(roots);
  for (let tree = 0; tree < trees; tree++) {
    const first = roots[tree];
    const end = tree + 1 < trees ? roots[tree + 1] : total;
    if (end - first > MOST_NODES) {
      throw new SpectraError(
        "params",
        "forest",
        `tree ${tree} has ${end - first} nodes, ${MOST_NODES} at the most; raise minLeaf or lower maxDepth`,
      );
    }
    for (let node = first; node < end; node++) {
      const isLeaf = forest.left[node] === node;
      nodes[2 * node] = isLeaf ? LEAF_RANK : ranked.wordOf(node);
      nodes[2 * node + 1] = forest.left[node] - first;
    }
  }
  const width = (classes + 3) & ~3;
  const rows = forest.distributions.length / classes;
  const distributions = kernels.float32(rows * width);
  for (let row = 0; row < rows; row++) {
    distributions.set(forest.distributions.subarray(row * classes, (row + 1) * classes), row * width);
  }
  const scratch = kernels.float32(forestScratch(columnCount, classes));
  return (scores, count, probabilities) =>
    kernels.predictForest(
      nodes,
      leaf,
      starts,
      trees,
      distributions,
      classes,
      columns,
      columnCount,
      thresholds,
      scores,
      count,
      features,
      scratch,
      probabilities,
    );
}

/** Class probabilities of scores, for one array at a time; a stream of tiles uses `prepareForest`. */
export function predictForest(forest: Forest, scores: Float32Array, count: number, kernels: Kernels): Float32Array {
  if (scores.length < count * forest.features) {
    throw new SpectraError(
      "shape",
      "forest",
      `the forest takes ${forest.features} features a row, so ${count} rows need ${count * forest.features} scores, not ${scores.length}`,
    );
  }
  const inside = kernels.float32(count * forest.features);
  inside.set(scores.subarray(0, count * forest.features));
  const probabilities = kernels.float32(count * forest.classes);
  prepareForest(forest, kernels)(inside, count, probabilities);
  return probabilities;
}
