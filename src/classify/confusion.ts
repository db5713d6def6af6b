import { SpectraError } from "../cube/errors.js";
import type { Predictions } from "../cube/predictions.js";

/** The most probable class of each row; a tie goes to the class named first. A row without probabilities is an error. */
export function predictedClasses(predictions: Predictions): Uint8Array {
  const { count, probabilities, classNames } = predictions;
  const classes = classNames.length;
  const predicted = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    let best = 0;
    for (let k = 0; k < classes; k++) {
      const probability = probabilities[row * classes + k];
      if (Number.isNaN(probability)) {
        throw new SpectraError(
          "range",
          "classify",
          `the probability of "${classNames[k]}" in row ${row} is not a number`,
        );
      }
      if (probability > probabilities[row * classes + best]) best = k;
    }
    predicted[row] = best;
  }
  return predicted;
}

/** Pixels by true class and what they were given: `confusion[truth][given]`, as many columns as there are classes if not said. */
export function confusionPixels(
  truth: ArrayLike<number>,
  given: ArrayLike<number>,
  classes: number,
  columns = classes,
): number[][] {
  const confusion = emptyTable(classes, columns);
  for (let row = 0; row < truth.length; row++) confusion[truth[row]][given[row]]++;
  return confusion;
}

/**
 * Cores or patients by true class and what they were given. A core with pixels of three true classes counts three times, once a true
 * class, under what its pixels of that true class were given most often; a tie goes to the column named first.
 * `unit[row]` is the index of the core or of the patient.
 */
export function confusionUnits(
  truth: ArrayLike<number>,
  given: ArrayLike<number>,
  unit: ArrayLike<number>,
  classes: number,
  columns = classes,
): number[][] {
  const votes = new Map<number, Float64Array>();
  for (let row = 0; row < truth.length; row++) {
    const group = unit[row] * classes + truth[row];
    const of = votes.get(group) ?? new Float64Array(columns);
    of[given[row]]++;
    votes.set(group, of);
  }
  const confusion = emptyTable(classes, columns);
  for (const [group, of] of votes) confusion[group % classes][of.indexOf(Math.max(...of))]++;
  return confusion;
}

/** Share of all that were predicted rightly; NaN for none. */
export function accuracy(confusion: Float64Array, classes: number): number {
  let right = 0;
  for (let k = 0; k < classes; k++) right += confusion[k * classes + k];
  return right / sum(confusion);
}

/** Share of class k that was predicted as k; NaN when there is no pixel of k. */
export function sensitivity(confusion: Float64Array, classes: number, k: number): number {
  return confusion[k * classes + k] / sum(confusion.subarray(k * classes, (k + 1) * classes));
}

/** Share of the other classes that was not predicted as k; NaN when there is no other pixel. */
export function specificity(confusion: Float64Array, classes: number, k: number): number {
  const others = sum(confusion) - sum(confusion.subarray(k * classes, (k + 1) * classes));
  let wrongly = -confusion[k * classes + k];
  for (let truth = 0; truth < classes; truth++) wrongly += confusion[truth * classes + k];
  return (others - wrongly) / others;
}

function emptyTable(rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
