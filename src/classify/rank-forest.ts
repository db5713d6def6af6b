import { SpectraError } from "../cube/errors.js";
import type { Forest } from "../cube/forest.js";
import { MOST_COLUMNS } from "../kernels/twin/predict-forest.js";
import { COLUMN_THRESHOLDS } from "../kernels/twin/rank-scores.js";

/** The thresholds of a forest by rank, as the kernel `predictForest` wants them. */
export interface RankedForest {
  /** (feature, first, places) a column. */
  readonly columns: Int32Array;
  readonly thresholds: Float32Array;
  /** What an inner node compares: column·2²¹ + rank of its threshold there. */
  readonly wordOf: (node: number) => number;
}

/**
 * Sort the different thresholds of each feature into columns of at most 65535, most features into one: beyond that a feature
 * has several, and a score has a rank in each.
 */
export function rankForest(forest: Forest): RankedForest {
  const sorted = thresholdsByFeature(forest);
  const firstColumn = new Int32Array(forest.features);
  const columns: number[] = [];
  const parts: Float32Array[] = [];
  let first = 0;
  for (const [feature, values] of sorted.entries()) {
    firstColumn[feature] = columns.length / 3;
    for (let from = 0; from < values.length; from += COLUMN_THRESHOLDS) {
      const part = values.subarray(from, from + COLUMN_THRESHOLDS);
      // A power of two above the number, so that the search takes the same steps for every score.
      const places = 2 ** (32 - Math.clz32(part.length));
      columns.push(feature, first, places);
      parts.push(part);
      first += places;
    }
  }
  // A forest of bare leaves compares nothing; one column keeps the kernel's memory in order.
  if (columns.length === 0) columns.push(0, 0, 1);
  if (columns.length / 3 > MOST_COLUMNS) {
    throw new SpectraError(
      "params",
      "forest",
      `the forest has too many different thresholds: ${columns.length / 3} columns of ${COLUMN_THRESHOLDS}, ` +
        `${MOST_COLUMNS} at the most; raise minLeaf or fit fewer trees`,
    );
  }
  const thresholds = new Float32Array(Math.max(1, first)).fill(Number.POSITIVE_INFINITY);
  for (const [i, part] of parts.entries()) thresholds.set(part, columns[3 * i + 1]);
  const wordOf = (node: number) => {
    const feature = forest.feature[node];
    const rank = find(sorted[feature], forest.threshold[node]);
    const column = firstColumn[feature] + Math.floor(rank / COLUMN_THRESHOLDS);
    return (column << 21) | (rank % COLUMN_THRESHOLDS);
  };
  return { columns: Int32Array.from(columns), thresholds, wordOf };
}

/** All different thresholds of each feature, ascending. */
function thresholdsByFeature({ left, feature, threshold, features }: Forest): Float32Array[] {
  const counts = new Int32Array(features);
  for (let node = 0; node < left.length; node++) {
    if (left[node] === node) continue;
    if (!(feature[node] < features) || Number.isNaN(threshold[node])) {
      throw new SpectraError(
        "format",
        "forest",
        `node ${node} splits feature ${feature[node]} of ${features} at ${threshold[node]}; the model is damaged`,
      );
    }
    counts[feature[node]]++;
  }
  const all = Array.from(counts, (count) => new Float32Array(count));
  counts.fill(0);
  for (let node = 0; node < left.length; node++) {
    if (left[node] !== node) all[feature[node]][counts[feature[node]]++] = threshold[node];
  }
  return all.map((values) => {
    values.sort();
    let kept = 0;
    for (let i = 0; i < values.length; i++) {
      if (kept === 0 || values[i] !== values[kept - 1]) values[kept++] = values[i];
    }
    return values.subarray(0, kept);
  });
}

/** The place of a value that is among the sorted ones. */
function find(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
