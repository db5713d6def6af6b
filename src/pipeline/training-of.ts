import type { ForestOptions } from "../classify/forest-options.js";
import type { Training } from "../classify/training.js";
import type { Pipeline } from "../cube/model.js";
import type { Table } from "./table.js";

/** What a forest is fitted on: scores, classes, and patients by mode as the groups that the bootstrap draws from evenly. */
export function trainingOf(
  table: Table,
  rows: Int32Array,
  scores: Float32Array,
  features: number,
  truth = table.truth,
): Training {
  return {
    values: scores,
    rows: rows.length,
    features,
    classes: table.labels.length,
    labels: Uint8Array.from(rows, (row) => truth[row]),
    groups: Int32Array.from(rows, (row) => table.patient[row] * table.modes.length + table.mode[row]),
  };
}

export function forestOptions({ classify }: Pipeline, seed: number): ForestOptions {
  const { trees, minLeaf, maxDepth, features } = classify;
  return { trees, minLeaf, maxDepth, tried: features, seed };
}
