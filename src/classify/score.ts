import type { Counts, Figure, ScoreFinding } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { areaInterval, shareInterval, tooFew } from "./interval.js";
import { jackknife } from "./jackknife.js";
import { makeMeasure } from "./measure.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "./patients.js";
import { checkRepeats, countRows } from "./rows.js";

export interface ScoreOptions {
  /** Classes whose figures are null; those with pixels in fewer than two patients if not given. */
  readonly unvalidated?: readonly number[];
}

/**
 * The scores of a classifier on pixels it was not fitted on, each with what it rests on and its 95 % interval: every figure is
 * counted again, exactly, without each patient in turn (`areaInterval` for areas and means of rates, `shareInterval` for shares).
 *
 * Of several repeats of a validation, which hold the same pixels, every figure is the mean of theirs: what one model of a fold
 * reaches, not what their average would. Accuracy is over all pixels. Balanced accuracy and macro AUC are plain means over the classes that have a figure; when
 * one has none they say so in `reason`. The counts of a sensitivity and an AUC are those of the class, of a specificity
 * those of the other classes. A figure of fewer than five patients has no interval, and of fewer than ten one that is said to be
 * unreliable, or none where every patient has one class. When a probability is not a number, every figure is null.
 */
export function score(predictions: Predictions | readonly Predictions[], options: ScoreOptions = {}): ScoreFinding {
  const repeats: readonly Predictions[] = "truth" in predictions ? [predictions] : predictions;
  checkRepeats(repeats);
  const [first] = repeats;
  const { classNames, truth, probabilities } = first;
  const classes = classNames.length;
  const patients = numberPatients(first.patient);
  const having = patientsPerClass(pixelsByPatient(patients, truth, classes), classes);
  const unvalidated = options.unvalidated ?? [...having.keys()].filter((k) => having[k] < 2);
  const missing = classNames.map((name, k) => whyNoFigure(name, having[k], unvalidated.includes(k)));
  const kept = [...classNames.keys()].filter((k) => missing[k] === undefined);

  const all = countRows(first);
  const ofClass = classNames.map((_, k) => countRows(first, (label) => label === k));
  const ofOthers = classNames.map((_, k) => countRows(first, (label) => label !== k));
  const broken = Math.max(
    ...repeats.map((of) => of.probabilities.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0)),
  );
  if (broken > 0) {
    const reason = `${broken} of ${probabilities.length} probabilities are not numbers`;
    const none = (counts: Counts): Figure => ({ value: null, unit: "1", counts, reason });
    const [sensitivity, auc, specificity] = [ofClass, ofClass, ofOthers].map((of) => of.map(none));
    const [accuracy, balancedAccuracy, macroAuc] = [all, all, all].map(none);
    return { counts: all, accuracy, balancedAccuracy, macroAuc, auc, sensitivity, specificity };
  }

  const { values, left } = jackknife(patients.count, 3 + 3 * classes, makeMeasure(repeats, patients, kept));
  const oneClass = having.reduce((sum, count) => sum + count, 0) <= patients.count;
  const rarer = (k: number) => Math.min(having[k], ofOthers[k].patients);
  const rarest = Math.min(...kept.map(rarer));

  /** `area`: the patients of the rarer side of an area or a mean of rates; a share rests on the patients it is counted over. */
  const figure = (i: number, counts: Counts, { area, note = "" }: { area?: number; note?: string } = {}): Figure => {
    if (Number.isNaN(values[i])) {
      return { value: null, unit: "1", counts, reason: kept.length > 0 ? noOther : "no class is in enough patients" };
    }
    const rests = { patients: area ?? counts.patients, cohort: patients.count, oneClass };
    const few = tooFew(rests);
    const wanted = few?.interval ?? true;
    const share = { patients: counts.patients, units: counts.pixels };
    const interval = wanted
      ? area === undefined
        ? shareInterval(values[i], left[i], share)
        : areaInterval(values[i], left[i], rests)
      : undefined;
    const reason = [note, few?.reason ?? (interval ? "" : noInterval)].filter(Boolean).join("; ");
    return { value: values[i], unit: "1", ...(interval && { interval }), counts, ...(reason && { reason }) };
  };
  const figures = (first: number, counts: readonly Counts[], area?: (k: number) => number): Figure[] =>
    counts.map((of, k) =>
      missing[k]
        ? { value: null, unit: "1", counts: of, reason: missing[k] }
        : figure(first + k, of, { area: area?.(k) }),
    );
  const without = classNames.filter((_, k) => missing[k]);
  const note = without.length ? `the mean of ${kept.length} of ${classes} classes, without ${without.join(", ")}` : "";
  return {
    counts: all,
    accuracy: figure(0, all),
    balancedAccuracy: figure(1, all, { area: rarest, note }),
    macroAuc: figure(2, all, { area: rarest, note }),
    auc: figures(3, ofClass, rarer),
    sensitivity: figures(3 + classes, ofClass),
    specificity: figures(3 + 2 * classes, ofOthers),
  };
}

const noOther = "there is no pixel of another class";
const noInterval = "no interval: without one of the patients there is no figure";

function whyNoFigure(name: string, patients: number, unvalidated: boolean): string | undefined {
  if (patients === 0) return `no pixel is labelled "${name}"`;
  if (!unvalidated) return undefined;
  return `"${name}" could not be tested on a patient it was not learned from${patients < 2 ? ": it is in 1 patient only" : ""}`;
}
