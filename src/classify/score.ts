import type { Counts, Figure, ScoreFinding } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { patientBootstrap, percentileInterval } from "./bootstrap.js";
import { makeMeasure } from "./measure.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "./patients.js";
import { checkPredictions, countRows } from "./rows.js";

export interface ScoreOptions {
  readonly seed: number | string;
  /** Draws of the patient bootstrap; 1000 if not given, none for 0. */
  readonly draws?: number;
  /** Classes whose figures are null; those with pixels in fewer than two patients if not given. */
  readonly unvalidated?: readonly number[];
}

/**
 * The scores of a classifier on pixels it was not fitted on, each with what it rests on and its 95 % interval by patient
 * bootstrap: patients are drawn with replacement and every figure is counted again, exactly, from all their pixels.
 *
 * Accuracy is over all pixels. Balanced accuracy and macro AUC are plain means over the classes that have a figure; when
 * one has none they say so in `reason`. The counts of a sensitivity and an AUC are those of the class, of a specificity
 * those of the other classes. An interval needs three patients, and a figure in at least half of the draws. When a
 * probability is not a number, every figure is null.
 */
export function score(predictions: Predictions, options: ScoreOptions): ScoreFinding {
  checkPredictions(predictions);
  const { classNames, truth, probabilities } = predictions;
  const classes = classNames.length;
  const patients = numberPatients(predictions.patient);
  const having = patientsPerClass(pixelsByPatient(patients, truth, classes), classes);
  const unvalidated = options.unvalidated ?? [...having.keys()].filter((k) => having[k] < 2);
  const missing = classNames.map((name, k) => whyNoFigure(name, having[k], unvalidated.includes(k)));
  const kept = [...classNames.keys()].filter((k) => missing[k] === undefined);

  const all = countRows(predictions);
  const ofClass = classNames.map((_, k) => countRows(predictions, (label) => label === k));
  const ofOthers = classNames.map((_, k) => countRows(predictions, (label) => label !== k));
  const broken = probabilities.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  if (broken > 0) {
    const reason = `${broken} of ${probabilities.length} probabilities are not numbers`;
    const none = (counts: Counts): Figure => ({ value: null, unit: "1", counts, reason });
    const [sensitivity, auc, specificity] = [ofClass, ofClass, ofOthers].map((of) => of.map(none));
    const [accuracy, balancedAccuracy, macroAuc] = [all, all, all].map(none);
    return { counts: all, accuracy, balancedAccuracy, macroAuc, auc, sensitivity, specificity };
  }

  const draws = options.draws ?? 1000;
  const measure = makeMeasure(predictions, patients, kept);
  const values = new Float64Array(3 + 3 * classes);
  measure(new Float64Array(patients.count).fill(1), values);
  // Nobody reads intervals of fewer than three patients, so none are drawn.
  const useful = patients.count >= 3 ? draws : 0;
  const drawn = patientBootstrap(patients.count, values.length, measure, { draws: useful, seed: options.seed });

  const figure = (i: number, counts: Counts, note = ""): Figure => {
    if (Number.isNaN(values[i])) {
      return { value: null, unit: "1", counts, reason: kept.length > 0 ? noOther : "no class is in enough patients" };
    }
    const interval = counts.patients >= 3 ? percentileInterval(drawn[i]) : undefined;
    const reason = [note, interval ? "" : whyNoInterval(counts.patients, draws)].filter(Boolean).join("; ");
    return { value: values[i], unit: "1", ...(interval && { interval }), counts, ...(reason && { reason }) };
  };
  const figures = (first: number, counts: readonly Counts[]): Figure[] =>
    counts.map((of, k) =>
      missing[k] ? { value: null, unit: "1", counts: of, reason: missing[k] } : figure(first + k, of),
    );
  const left = classNames.filter((_, k) => missing[k]);
  const note = left.length > 0 ? `the mean of ${kept.length} of ${classes} classes, without ${left.join(", ")}` : "";
  return {
    counts: all,
    accuracy: figure(0, all),
    balancedAccuracy: figure(1, all, note),
    macroAuc: figure(2, all, note),
    auc: figures(3, ofClass),
    sensitivity: figures(3 + classes, ofClass),
    specificity: figures(3 + 2 * classes, ofOthers),
  };
}

const noOther = "there is no pixel of another class";

function whyNoFigure(name: string, patients: number, unvalidated: boolean): string | undefined {
  if (patients === 0) return `no pixel is labelled "${name}"`;
  if (!unvalidated) return undefined;
  return `"${name}" could not be tested on a patient it was not learned from${patients < 2 ? ": it is in 1 patient only" : ""}`;
}

function whyNoInterval(patients: number, draws: number): string {
  if (draws === 0) return "no interval: no draws were asked for";
  if (patients < 3) return `no interval: it rests on ${patients} patient${patients === 1 ? "" : "s"}, fewer than 3`;
  return "no interval: a class was missing from more than half of the draws";
}
