import { allFinite, allWithin, type Demand } from "./check-values.js";
import type { Forest } from "./forest.js";

/** Shares of a leaf are float32 and add up to 1 but for their rounding. */
const ROUNDING = 1e-3;

/**
 * Whether a forest can be walked: every node's children behind it and within its tree, so that no row goes round in a circle, every
 * feature and leaf one there is, and shares that add up to 1.
 */
export function checkForest(forest: Forest, demand: Demand): void {
  const { trees, features, classes, roots, feature, threshold, left, leaf, distributions, importances } = forest;
  const nodes = feature.length;
  const leaves = distributions.length / classes;
  demand(
    trees >= 1 && features >= 1 && classes >= 1,
    `a forest of ${trees} trees, ${features} features, ${classes} classes`,
  );
  demand(roots.length === trees && roots[0] === 0, `${roots.length} roots for ${trees} trees`);
  demand(
    threshold.length === nodes && left.length === nodes && leaf.length === nodes,
    `the nodes of its forest are ${nodes} features, ${threshold.length} thresholds, ${left.length} children, ${leaf.length} leaves`,
  );
  demand(Number.isInteger(leaves) && leaves >= 1, `${distributions.length} shares for ${classes} classes`);
  for (let tree = 0; tree < trees; tree++) {
    const [first, end] = [roots[tree], tree + 1 < trees ? roots[tree + 1] : nodes];
    demand(first < end && end <= nodes, `tree ${tree} has its root at node ${first} of ${nodes}`);
    for (let node = first; node < end; node++) {
      const child = left[node];
      if (child === node)
        demand(leaf[node] >= 0 && leaf[node] < leaves, `node ${node} has leaf ${leaf[node]} of ${leaves}`);
      else {
        demand(child > node && child + 1 < end, `node ${node} of tree ${tree} leads to node ${child}`);
        demand(feature[node] < features, `node ${node} asks for feature ${feature[node]} of ${features}`);
        demand(!Number.isNaN(threshold[node]), `node ${node} has no threshold`);
      }
    }
  }
  demand(allWithin(distributions, 0, 1 + ROUNDING), "a share in its forest is not from 0 to 1");
  for (let row = 0; row < leaves; row++) {
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += distributions[row * classes + k];
    demand(Math.abs(sum - 1) <= ROUNDING, `the shares of leaf ${row} add up to ${sum}`);
  }
  demand(importances.length === features && allFinite(importances), `${importances.length} importances`);
}
