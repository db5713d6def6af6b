import type { Forest } from "../cube/forest.js";
import type { Training } from "./training.js";
import type { Tree, TreeRange } from "./tree.js";

/**
 * Put ranges of trees together into a forest, in the order of the trees. Leaves of one class share a row of distributions:
 * row k is all class k. Importances are the mean over the trees; the out-of-bag class of a row is the one with most votes,
 * the first of equals, and rows that every tree saw are not counted.
 */
export function assembleForest(ranges: readonly TreeRange[], training: Training): Forest {
  const { rows, features, classes, labels } = training;
  const ordered = [...ranges].sort((a, b) => a.from - b.from);
  const trees: Tree[] = [];
  const votes = new Int32Array(rows * classes);
  for (const range of ordered) {
    if (range.from !== trees.length) {
      throw new Error(`a range of trees starts at ${range.from}, but ${trees.length} have come before`);
    }
    trees.push(...range.trees);
    for (let i = 0; i < votes.length; i++) votes[i] += range.outOfBag[i];
  }
  return { ...joinTrees(trees, features, classes), outOfBagAccuracy: votedRight(votes, rows, classes, labels) };
}

/** The trees one after another, without an out-of-bag figure. */
export function joinTrees(trees: readonly Tree[], features: number, classes: number): Omit<Forest, "outOfBagAccuracy"> {
  const nodes = trees.reduce((sum, tree) => sum + tree.left.length, 0);
  const roots = new Int32Array(trees.length);
  const feature = new Uint16Array(nodes);
  const threshold = new Float32Array(nodes);
  const left = new Int32Array(nodes);
  const leaf = new Int32Array(nodes);
  const rows: number[] = [];
  for (let k = 0; k < classes; k++) for (let other = 0; other < classes; other++) rows.push(k === other ? 1 : 0);
  const importances = new Float64Array(features);
  let root = 0;
  for (const [index, tree] of trees.entries()) {
    roots[index] = root;
    feature.set(tree.feature, root);
    threshold.set(tree.threshold, root);
    for (let node = 0; node < tree.left.length; node++) {
      left[root + node] = root + tree.left[node];
      if (tree.left[node] !== node) continue;
      const start = tree.leaf[node] * classes;
      const pure = tree.distributions.subarray(start, start + classes).indexOf(1);
      if (pure >= 0) leaf[root + node] = pure;
      else {
        leaf[root + node] = rows.length / classes;
        for (let k = 0; k < classes; k++) rows.push(tree.distributions[start + k]);
      }
    }
    for (let i = 0; i < features; i++) importances[i] += tree.importances[i] / trees.length;
    root += tree.left.length;
  }
  const total = importances.reduce((sum, value) => sum + value, 0);
  return {
    trees: trees.length,
    features,
    classes,
    roots,
    feature,
    threshold,
    left,
    leaf,
    distributions: Float32Array.from(rows),
    importances: importances.map((value) => (total > 0 ? value / total : 0)),
  };
}

function votedRight(votes: Int32Array, rows: number, classes: number, labels: Uint8Array): number {
  let voted = 0;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (votes[row * classes + k] > votes[row * classes + best]) best = k;
    if (votes[row * classes + best] === 0) continue;
    voted++;
    if (best === labels[row]) right++;
  }
  return voted > 0 ? right / voted : Number.NaN;
}
