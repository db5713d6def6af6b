import { macroAuc } from "../classify/auc.js";
import { patientFolds, randomFolds } from "../classify/folds.js";
import { permuteLabels } from "../classify/permute.js";
import { validation } from "../classify/validation.js";
import type { Cohort } from "../cube/cohort.js";
import type { Findings, ValidationFinding } from "../cube/findings.js";
import type { Model, Pipeline } from "../cube/model.js";
import { type Crew, inOrder, withCrew } from "./crew.js";
import { type FitOptions, fitTable } from "./fit.js";
import { fittedFindings } from "./fitted-findings.js";
import type { FoldInput } from "./judge-fold.js";
import { learningCurve } from "./learning-curve.js";
import { predictionsOf, rowsWhere, scatter } from "./predictions.js";
import { gatherTable, type Table } from "./table.js";

export interface ValidateOptions extends FitOptions {
  /** Folds of patients; 5 if not given. */
  readonly folds?: number;
  /** How often the folds are drawn anew; 1 if not given. */
  readonly repeats?: number;
  /** Shufflings of the labels among the patients for the null test; 20 if not given, 0 leaves it out. */
  readonly permutations?: number;
  /** Fit with 2, 4, 8 … training patients too; false if not given. */
  readonly learningCurve?: boolean;
}

/** What a validation leaves: the parts of findings.json that it can fill, and the model fitted on all of its patients. */
export interface Validated {
  readonly findings: ReturnType<typeof fittedFindings> & Pick<Findings, "validation">;
  readonly model: Model;
}

/** Trees of the forests that are fitted on shuffled labels: enough for an AUC of 0.5, and there are many of them. */
const NULL_TREES = 30;

/**
 * Judge a pipeline on patients it was not fitted on: folds of whole patients, and beside them the same folds drawn by pixel,
 * which is what a leak would report, and a null test with labels shuffled among patients.
 * Components and forest are fitted anew in every fold. Without patient ids it refuses, or stamps every figure.
 */
export async function validate(cohort: Cohort, pipeline: Pipeline, options: ValidateOptions = {}): Promise<Validated> {
  const { seed = 1, missingPatients = "refuse" } = options;
  return withCrew(options, async (crew) => {
    const table = await gatherTable(cohort, pipeline, crew, { ...options, seed, missingPatients });
    const found = await validateTable(table, pipeline, crew, { ...options, seed });
    const model = await fitTable(table, pipeline, crew, { ...options, seed });
    return { findings: { ...fittedFindings(table, model), validation: found }, model };
  });
}

/** The validation of annotated spectra that are at hand. */
export async function validateTable(
  table: Table,
  pipeline: Pipeline,
  crew: Crew,
  options: ValidateOptions & { seed: number },
): Promise<ValidationFinding> {
  const { folds = 5, repeats = 1, permutations = 20, seed } = options;
  const classes = table.labels.length;
  const classNames = Array.from(table.labels, (value) => table.classNames[value]);
  const { truth, patient } = table;

  const dealt = Array.from({ length: repeats }, (_, repeat) =>
    patientFolds({ patient, truth, classNames, folds, seed: `${seed}/folds/${repeat}` }),
  );
  for (const warning of new Set(dealt.flatMap(({ warnings }) => warnings))) options.onRemark?.(warning);
  const byPatient = dealt.map(({ fold }) => Int32Array.from(patient, (of) => fold[of]));
  const byPixel = randomFolds(table.count, folds, `${seed}/random`);
  const draws = Array.from({ length: permutations }, (_, i) =>
    permuteLabels({ truth, patient, classes, seed: `${seed}/null/${i}` }),
  );

  // One list of jobs, so that no worker waits at the end of a kind.
  const plan = [
    ...byPatient.map((foldOfRow, repeat) => ({ foldOfRow, shuffled: repeat === 0 ? draws : [] })),
    { foldOfRow: byPixel, shuffled: [] },
  ];
  const jobs = plan.flatMap(({ foldOfRow, shuffled }) =>
    Array.from({ length: folds }, (_, fold): FoldInput => {
      const test = rowsWhere(foldOfRow, (of) => of === fold);
      const train = rowsWhere(foldOfRow, (of) => of !== fold);
      return { table, pipeline, train, test, seed, shuffled, shuffledTrees: NULL_TREES };
    }),
  );
  const held = plan.map(() => new Float32Array(table.count * classes));
  const nulls = draws.map(() => new Float32Array(table.count * classes));
  await inOrder(crew, "judgeFold", jobs, (judged, index) => {
    const { test } = jobs[index];
    scatter(judged.probabilities, test, classes, held[Math.floor(index / folds)]);
    for (const [i, probabilities] of judged.shuffled.entries()) scatter(probabilities, test, classes, nulls[i]);
    options.onProgress?.({ stage: "validate by patient", done: index + 1, total: jobs.length, unit: "folds" });
  });

  const unvalidated = [...new Set(dealt.flatMap((of) => of.unvalidated))];
  return validation({
    folds,
    trees: pipeline.classify.trees,
    seed,
    unvalidated,
    byPatient: held.slice(0, repeats).map((probabilities) => predictionsOf(table, probabilities)),
    randomSplit: [predictionsOf(table, held[repeats])],
    modes: Array.from(table.mode, (mode) => table.modes[mode]),
    permuted: nulls
      .map((probabilities, i) => macroAuc({ ...predictionsOf(table, probabilities), truth: draws[i] }, unvalidated))
      .filter((value) => value !== null),
    learning: options.learningCurve
      ? await learningCurve(table, pipeline, byPatient[0], crew, { ...options, folds, seed })
      : undefined,
  });
}
