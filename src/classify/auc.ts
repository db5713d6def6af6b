import type { Figure } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { ascendingOrder } from "./ascending.js";

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative row that the score puts in the right
 * order, a tie counting one half. Null, with the reason, when a score is not a number or one side is empty.
 * Rank sum of Mann and Whitney; Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747.
 */
export function auc(scores: Float32Array, positive: ArrayLike<number | boolean>): Figure {
  let positives = 0;
  for (let row = 0; row < scores.length; row++) {
    if (Number.isNaN(scores[row])) return { value: null, unit: "1", reason: `the score of row ${row} is not a number` };
    if (positive[row]) positives++;
  }
  const negatives = scores.length - positives;
  if (positives === 0) return { value: null, unit: "1", reason: "there is no pixel of the class" };
  if (negatives === 0) return { value: null, unit: "1", reason: "there is no pixel of another class" };

  const order = ascendingOrder(scores);
  let ordered = 0;
  let below = 0;
  for (let from = 0; from < order.length; ) {
    let end = from;
    let tiedPositives = 0;
    for (; end < order.length && scores[order[end]] === scores[order[from]]; end++) {
      if (positive[order[end]]) tiedPositives++;
    }
    const tiedNegatives = end - from - tiedPositives;
    ordered += tiedPositives * (below + tiedNegatives / 2);
    below += tiedNegatives;
    from = end;
  }
  return { value: ordered / (positives * negatives), unit: "1" };
}

/** The probabilities of class k, one a row. */
export function probabilitiesOf(predictions: Predictions, k: number): Float32Array {
  const classes = predictions.classNames.length;
  const column = new Float32Array(predictions.count);
  for (let row = 0; row < column.length; row++) column[row] = predictions.probabilities[row * classes + k];
  return column;
}

/** Class k against all others, by the probability of class k. */
export function classAuc(predictions: Predictions, k: number): Figure {
  const positive = new Uint8Array(predictions.count);
  for (let row = 0; row < positive.length; row++) positive[row] = predictions.truth[row] === k ? 1 : 0;
  return auc(probabilitiesOf(predictions, k), positive);
}

/**
 * The plain mean of the one-vs-rest AUCs, without an interval: for shuffled labels and learning curves, where `score`
 * would count more than is asked. Classes in `unvalidated` and classes without an AUC are left out; null when none is left.
 */
export function macroAuc(predictions: Predictions, unvalidated: readonly number[] = []): number | null {
  const values = [...predictions.classNames.keys()]
    .filter((k) => !unvalidated.includes(k))
    .map((k) => classAuc(predictions, k).value)
    .filter((value) => value !== null);
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
