import type { Forest } from "../cube/forest.js";
import { random } from "../cube/random.js";
import type { Kernels } from "../kernels/kernels.js";
import { treeScratch } from "../kernels/twin/grow-tree.js";
import { assembleForest } from "./assemble-forest.js";
import { type Binned, binFeatures } from "./bins.js";
import { bootstrapDraw } from "./bootstrap-draw.js";
import { type ForestOptions, settingsOf } from "./forest-options.js";
import { checkTraining, type Training } from "./training.js";
import type { Tree, TreeRange } from "./tree.js";

const BALLOT = 2 ** 14;

/**
 * Fit a random forest: each tree on a bootstrap draw, each split the best by Gini impurity of a few features drawn by lot,
 * between 256 quantile bins a feature. Source: Breiman 2001, DOI 10.1023/A:1010933404324.
 */
export function fitForest(training: Training, options: ForestOptions, kernels: Kernels, binned?: Binned): Forest {
  const trees = options.trees ?? 100;
  return assembleForest([fitTrees(training, options, 0, trees, kernels, binned)], training);
}

/**
 * Fit trees `from` to `to − 1` of the forest that `options` describe. Every tree has its own stream, named by the seed and
 * its number, so ranges fitted apart and put together by `assembleForest` are the same bytes as one. `binned` are the bins of
 * the same training, where they are at hand: they take as long as three trees.
 */
export function fitTrees(
  training: Training,
  options: ForestOptions,
  from: number,
  to: number,
  kernels: Kernels,
  binned?: Binned,
): TreeRange {
  checkTraining(training);
  const { rows, features, classes } = training;
  const { trees, minLeaf, maxDepth, tried, balance } = settingsOf(options, features);
  const { bins: cells, edges } = binned ?? binFeatures(training);
  const draw = bootstrapDraw(training, balance);

  const bins = kernels.uint8(cells.length);
  bins.set(cells);
  const drawn = kernels.int32(2 * rows);
  const unseen = kernels.int32(rows);
  const scratch = kernels.int32(treeScratch(features, classes, rows));
  const nodes = kernels.int32(3 * (2 * rows - 1));
  const counts = kernels.int32(rows * classes);
  const gains = kernels.float64(features);
  const votes = kernels.int32(rows * classes);

  const fitted: Tree[] = [];
  for (let tree = from; tree < Math.min(to, trees); tree++) {
    const stream = random(options.seed).fork(`tree ${tree}`);
    const weights = draw(stream);
    let seen = 0;
    let left = 0;
    for (let row = 0; row < rows; row++) {
      if (weights[row] === 0) unseen[left++] = row;
      else {
        drawn[2 * seen] = row;
        drawn[2 * seen + 1] = weights[row] * 256 + training.labels[row];
        seen++;
      }
    }
    const seed = 1 + stream.integer(2 ** 32 - 1);
    gains.fill(0);
    const count = kernels.growTree(
      bins,
      rows,
      features,
      classes,
      drawn,
      seen,
      tried,
      minLeaf,
      maxDepth,
      seed,
      scratch,
      nodes,
      counts,
      gains,
    );
    const grown = treeFrom(nodes, count, counts, gains, edges, classes);
    fitted.push(grown);
    // The counts have been read; their place holds what each leaf votes.
    for (let i = 0; i < grown.distributions.length; i++) counts[i] = Math.round(grown.distributions[i] * BALLOT);
    kernels.voteOutOfBag(bins, rows, classes, unseen, left, nodes, counts, votes);
  }
  return { from, trees: fitted, outOfBag: votes.slice() };
}

function treeFrom(
  nodes: Int32Array,
  count: number,
  counts: Int32Array,
  gains: Float64Array,
  edges: readonly Float32Array[],
  classes: number,
): Tree {
  const feature = new Uint16Array(count);
  const threshold = new Float32Array(count);
  const left = new Int32Array(count);
  const leaf = new Int32Array(count);
  for (let node = 0; node < count; node++) {
    const split = nodes[3 * node];
    if (split < 0) {
      left[node] = node;
      leaf[node] = nodes[3 * node + 2];
    } else {
      feature[node] = split;
      threshold[node] = edges[split][nodes[3 * node + 1]];
      left[node] = nodes[3 * node + 2];
    }
  }
  const leaves = (count + 1) / 2;
  const distributions = new Float32Array(leaves * classes);
  for (let row = 0; row < leaves; row++) {
    let total = 0;
    for (let k = 0; k < classes; k++) total += counts[row * classes + k];
    for (let k = 0; k < classes; k++) distributions[row * classes + k] = counts[row * classes + k] / total;
  }
  const gain = gains.reduce((sum, value) => sum + value, 0);
  return {
    feature,
    threshold,
    left,
    leaf,
    distributions,
    importances: gains.map((value) => (gain > 0 ? value / gain : 0)),
  };
}
