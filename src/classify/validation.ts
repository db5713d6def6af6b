import { SpectraError } from "../cube/errors.js";
import type { ScoreFinding, ValidationFinding } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { calibration } from "./calibration.js";
import { confusionPixels, confusionRows, confusionUnits, predictedClasses } from "./confusion.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "./patients.js";
import { permutationSummary } from "./permute.js";
import { rocCurve } from "./roc.js";
import { averageRepeats, checkPredictions, countRows, selectRows } from "./rows.js";
import { type ScoreOptions, score } from "./score.js";

/** What a validation run has, before anything is counted. */
export interface ValidationRun extends ScoreOptions {
  readonly folds: number;
  readonly trees: number;
  /** Held-out predictions with patients held out, one a repeat; all of the same pixels in the same order. */
  readonly byPatient: readonly Predictions[];
  /** The same with pixels held out regardless of patients. */
  readonly randomSplit?: readonly Predictions[];
  /** The imaging mode of each row of `byPatient`; rows of no mode are "". */
  readonly modes?: readonly string[];
  /** Macro AUCs of shuffled labels. */
  readonly permuted?: readonly number[];
  /** Held-out predictions of models fitted on so many patients. */
  readonly learning?: readonly { readonly patients: number; readonly predictions: Predictions }[];
}

/**
 * Count everything a validation says from its predictions. Scores, ROC curves and calibration are of the probabilities
 * averaged over the repeats (`averageRepeats`); the confusion counts are of the first repeat, so that they add up to the
 * pixels. A class that cannot be tested by patient has null figures and no ROC curve. A mode with rows of one class only is
 * scored all the same: what it cannot have is null. A point of the learning curve needs a macro AUC and an interval.
 */
export function validation(run: ValidationRun): ValidationFinding {
  const [first] = run.byPatient;
  if (!first) throw new SpectraError("params", "classify", "a validation needs the predictions of at least one repeat");
  checkPredictions(first);
  const { classNames } = first;
  const classes = classNames.length;
  const having = patientsPerClass(pixelsByPatient(numberPatients(first.patient), first.truth, classes), classes);
  const unvalidated = run.unvalidated ?? [...having.keys()].filter((k) => having[k] < 2);
  const scored = (predictions: Predictions) => score(predictions, { seed: run.seed, draws: run.draws, unvalidated });

  const averaged = averageRepeats(run.byPatient);
  const predicted = predictedClasses(first);
  return {
    folds: run.folds,
    repeats: run.byPatient.length,
    trees: run.trees,
    classNames,
    perClass: classNames.map((_, k) => countRows(first, (label) => label === k)),
    byPatient: scored(averaged),
    ...(run.randomSplit?.length && { randomSplit: scored(averageRepeats(run.randomSplit)) }),
    ...(run.modes && { byMode: scoreModes(averaged, run.modes, scored) }),
    ...(run.permuted?.length && { permutation: permutationSummary(run.permuted) }),
    confusion: {
      pixels: confusionRows(confusionPixels(first.truth, predicted, classes), classes),
      cores: confusionRows(confusionUnits(first.truth, predicted, first.core, classes), classes),
      patients: confusionRows(confusionUnits(first.truth, predicted, first.patient, classes), classes),
    },
    calibration: calibration(averaged),
    roc: [...classNames.keys()]
      .filter((k) => !unvalidated.includes(k))
      .map((k) => rocCurve(averaged, k))
      .filter((curve) => curve !== undefined),
    ...(run.learning && { learningCurve: run.learning.flatMap((point) => learningPoint(point, scored)) }),
  };
}

function scoreModes(
  predictions: Predictions,
  modes: readonly string[],
  scored: (predictions: Predictions) => ScoreFinding,
): { mode: string; scores: ScoreFinding }[] {
  if (modes.length !== predictions.count) {
    throw new SpectraError("shape", "classify", `${modes.length} modes are given for ${predictions.count} rows`);
  }
  const rows = new Map<string, number[]>();
  for (const [row, mode] of modes.entries()) {
    const of = rows.get(mode);
    if (of) of.push(row);
    else rows.set(mode, [row]);
  }
  return [...rows.keys()]
    .filter((mode) => mode !== "")
    .sort()
    .map((mode) => ({ mode, scores: scored(selectRows(predictions, rows.get(mode)!)) }));
}

function learningPoint(
  point: { readonly patients: number; readonly predictions: Predictions },
  scored: (predictions: Predictions) => ScoreFinding,
) {
  const { value, interval } = scored(point.predictions).macroAuc;
  return value !== null && interval ? [{ patients: point.patients, macroAuc: value, interval }] : [];
}
