import { SpectraError } from "../cube/errors.js";
import type { ScoreFinding, ValidationFinding } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { calibration } from "./calibration.js";
import { confusionPixels, confusionUnits, predictedClasses } from "./confusion.js";
import { NOT_CLASSIFIED, outcomes, type StainedRows } from "./outcomes.js";
import { pairAuc } from "./pair-auc.js";
import { patientScores } from "./patient-scores.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "./patients.js";
import { rocCurve } from "./roc.js";
import { checkPredictions, countRows, joinRepeats, selectRows } from "./rows.js";
import { type ScoreOptions, score } from "./score.js";
import { stainScores } from "./stain-scores.js";

/** What a validation run has, before anything is counted. */
export interface ValidationRun extends ScoreOptions {
  readonly folds: number;
  readonly trees: number;
  /** Held-out predictions with patients held out, one a repeat; all of the same pixels in the same order. */
  readonly byPatient: readonly Predictions[];
  /** What the rule of the stain makes of them, a repeat each. */
  readonly stained?: { readonly rows: readonly StainedRows[]; readonly threshold: number; readonly refused: number };
  /** Annotated pixels a class, and those that each row stands for. */
  readonly annotated?: { readonly pixels: readonly number[]; readonly weights: Float64Array };
  /** Two classes to be held against each other, and names of the patients for their table. */
  readonly pair?: readonly [a: number, b: number];
  readonly patientNames?: readonly string[];
  /** The same with pixels held out regardless of patients. */
  readonly randomSplit?: readonly Predictions[];
  /** The imaging mode of each row of `byPatient`; rows of no mode are "". */
  readonly modes?: readonly string[];
  /** What shuffled labels gave. */
  readonly permutation?: ValidationFinding["permutation"];
  /** Held-out predictions of models fitted on so many patients. */
  readonly learning?: readonly { readonly patients: number; readonly predictions: Predictions }[];
}

/**
 * Count everything a validation says from its predictions. Scores are the mean of the repeats', calibration is over the pixels of
 * all of them; confusion and ROC curves are of the first, so that the counts add up to the pixels. A class that cannot be tested by patient has null figures and no ROC curve. A mode with rows of one class only is
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
  const scored = (repeats: readonly Predictions[]) => score(repeats, { unvalidated });

  const { stained, annotated, pair, patientNames } = run;
  const given = stained?.rows.map((rows, i) => outcomes(run.byPatient[i], rows, stained.threshold));
  const shown = given ? given[0] : predictedClasses(first);
  const columns = classes + (given ? NOT_CLASSIFIED.length : 0);
  return {
    folds: run.folds,
    repeats: run.byPatient.length,
    trees: run.trees,
    classNames,
    perClass: classNames.map((_, k) => countRows(first, (label) => label === k)),
    byPatient: scored(run.byPatient),
    ...(run.randomSplit?.length && { randomSplit: scored(run.randomSplit) }),
    ...(run.modes && { byMode: scoreModes(run.byPatient, run.modes, scored) }),
    ...(run.permutation && { permutation: run.permutation }),
    ...(stained &&
      given && {
        stained: { threshold: stained.threshold, ...stainScores(first, given), refused: stained.refused },
      }),
    ...(annotated &&
      given && {
        annotated: {
          pixels: annotated.pixels,
          mostProbable: stainScores(first, run.byPatient.map(predictedClasses), annotated.weights).accuracy,
          ...stainScores(first, given, annotated.weights),
        },
      }),
    ...(pair && {
      pair: {
        names: [classNames[pair[0]], classNames[pair[1]]],
        auc: pairAuc(run.byPatient, pair),
        ...(run.randomSplit?.length && { randomSplit: pairAuc(run.randomSplit, pair) }),
      },
    }),
    ...(patientNames && { patients: patientScores(run.byPatient, patientNames, { outcomes: given, pair }) }),
    confusion: {
      pixels: confusionPixels(first.truth, shown, classes, columns),
      cores: confusionUnits(first.truth, shown, first.core, classes, columns),
      patients: confusionUnits(first.truth, shown, first.patient, classes, columns),
    },
    calibration: calibrations(run),
    roc: [...classNames.keys()]
      .filter((k) => !unvalidated.includes(k))
      .map((k) => rocCurve(first, k))
      .filter((curve) => curve !== undefined),
    ...(run.learning && { learningCurve: run.learning.flatMap((point) => learningPoint(point, scored)) }),
  };
}

/** Of the probabilities that the stain gives, and of the shares of the votes that they were made of. */
function calibrations({ byPatient, stained }: ValidationRun): ValidationFinding["calibration"] {
  const votes = calibration(joinRepeats(byPatient));
  if (!stained) return votes;
  const made = byPatient.map((of, i) => ({ ...of, probabilities: stained.rows[i].probabilities }));
  return { ...calibration(joinRepeats(made)), votes };
}

function scoreModes(
  repeats: readonly Predictions[],
  modes: readonly string[],
  scored: (repeats: readonly Predictions[]) => ScoreFinding,
): { mode: string; scores: ScoreFinding }[] {
  const [{ count }] = repeats;
  if (modes.length !== count) {
    throw new SpectraError("shape", "classify", `${modes.length} modes are given for ${count} rows`);
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
    .map((mode) => ({ mode, scores: scored(repeats.map((of) => selectRows(of, rows.get(mode)!))) }));
}

function learningPoint(
  point: { readonly patients: number; readonly predictions: Predictions },
  scored: (repeats: readonly Predictions[]) => ScoreFinding,
) {
  const { value, interval } = scored([point.predictions]).macroAuc;
  return value !== null && interval ? [{ patients: point.patients, macroAuc: value, interval }] : [];
}
