import type { Predictions } from "../cube/predictions.js";
import { probabilitiesOf } from "./auc.js";
import { concordance, resampledAuc } from "./concordance.js";
import { accuracy, predictedClasses, sensitivity, specificity } from "./confusion.js";
import type { PatientIndex } from "./patients.js";

/**
 * Make a function that counts every figure anew, exactly, when patient p is taken `times[p]` times. It writes accuracy,
 * balanced accuracy and macro AUC, then the AUC, the sensitivity and the specificity of every class: 3 + 3 × classes numbers,
 * NaN for what cannot be had. The two means are over the classes in `kept` and NaN as soon as one of these has no figure.
 * Of several repeats every number is their mean. A call costs repeats × patients² × classes, however many pixels there are.
 */
export function makeMeasure(repeats: readonly Predictions[], patients: PatientIndex, kept: readonly number[]) {
  const measures = repeats.map((repeat) => measureOf(repeat, patients, kept));
  if (measures.length === 1) return measures[0];
  return (times: Float64Array, out: Float64Array): void => {
    const one = new Float64Array(out.length);
    out.fill(0);
    for (const measure of measures) {
      measure(times, one);
      for (let i = 0; i < out.length; i++) out[i] += one[i] / measures.length;
    }
  };
}

function measureOf(predictions: Predictions, patients: PatientIndex, kept: readonly number[]) {
  const { count, truth } = predictions;
  const classes = predictions.classNames.length;
  const square = classes * classes;
  const predicted = predictedClasses(predictions);
  const byPatient = new Float64Array(patients.count * square);
  for (let row = 0; row < count; row++) {
    byPatient[patients.ofRow[row] * square + truth[row] * classes + predicted[row]]++;
  }
  const ordered = kept.map((k) =>
    concordance(probabilitiesOf(predictions, k), truth, k, patients.ofRow, patients.count),
  );
  const confusion = new Float64Array(square);

  return (times: Float64Array, out: Float64Array): void => {
    confusion.fill(0);
    for (let p = 0; p < patients.count; p++) {
      if (times[p] === 0) continue;
      for (let i = 0; i < square; i++) confusion[i] += times[p] * byPatient[p * square + i];
    }
    out.fill(Number.NaN);
    out[0] = accuracy(confusion, classes);
    let balanced = 0;
    let macro = 0;
    for (const [i, k] of kept.entries()) {
      out[3 + k] = resampledAuc(ordered[i], times);
      out[3 + classes + k] = sensitivity(confusion, classes, k);
      out[3 + 2 * classes + k] = specificity(confusion, classes, k);
      macro += out[3 + k];
      balanced += out[3 + classes + k];
    }
    out[1] = balanced / kept.length;
    out[2] = macro / kept.length;
  };
}
