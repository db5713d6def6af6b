import { patientFolds, randomFolds } from "../classify/folds.js";
import { learningPatients } from "../classify/learning-curve.js";
import { permuteLabels } from "../classify/permute.js";
import { assembleValidation, macroAuc } from "../classify/validation.js";
import type { Cohort } from "../cube/cohort.js";
import type { Findings, ValidationFinding } from "../cube/findings.js";
import type { Pipeline } from "../cube/model.js";
import type { Predictions } from "../cube/predictions.js";
import { type Crew, inOrder, withCrew } from "./crew.js";
import { type FitOptions, fitTable } from "./fit.js";
import { fittedFindings } from "./fitted-findings.js";
import type { FoldInput, Judged } from "./judge-fold.js";
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

/** What a validation leaves: the parts of findings.json that it can fill. */
export type Validated = Pick<
  Findings,
  "inputs" | "pipeline" | "quality" | "spectra" | "pca" | "importances" | "validation" | "stamps"
>;

/**
 * Judge a pipeline on patients it was not fitted on: folds of whole patients, and beside them the same folds drawn by pixel,
 * which is what a leak would report, and a null test with labels shuffled among patients.
 * Components, limits and forest are fitted anew in every fold. Without patient ids it refuses, or stamps every figure.
 */
export async function validate(cohort: Cohort, pipeline: Pipeline, options: ValidateOptions = {}): Promise<Validated> {
  const { seed = 1, layout = {}, missingPatients = "refuse", hash = true } = options;
  return withCrew(options, async (crew) => {
    const { pixelsPerClass } = pipeline.classify;
    const table = await gatherTable(cohort, pipeline.steps, crew, {
      ...options,
      seed,
      layout,
      missingPatients,
      hash,
      pixelsPerClass,
    });
    const validation = await validateTable(table, pipeline, crew, { ...options, seed });
    const model = await fitTable(table, pipeline, crew, { ...options, seed });
    return { ...fittedFindings(table, model), validation };
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
  const shuffledTrees = Math.min(pipeline.classify.trees, 30);
  const draws = Array.from({ length: permutations }, (_, i) =>
    permuteLabels({ truth: table.truth, patient: table.patient, classes, seed: `${seed}/null/${i}` }),
  );

  const byPatient = Array.from({ length: repeats }, (_, repeat) => {
    const fold = patientFolds({
      patient: table.patient,
      truth: table.truth,
      classes,
      folds,
      seed: `${seed}/folds/${repeat}`,
    });
    return Uint8Array.from(table.patient, (patient) => fold[patient]);
  });
  const byPixel = randomFolds(table.count, folds, `${seed}/random`);

  // One list of jobs, so that no worker waits at the end of a kind: patient folds first, they take longest.
  const plan = [
    ...byPatient.map((foldOfRow, repeat) => ({ foldOfRow, shuffled: repeat === 0 ? draws : [] })),
    { foldOfRow: byPixel, shuffled: [] },
  ];
  const jobs = plan.flatMap(({ foldOfRow, shuffled }) =>
    Array.from({ length: folds }, (_, fold): FoldInput => {
      const test = rowsWhere(foldOfRow, (of) => of === fold);
      const train = rowsWhere(foldOfRow, (of) => of !== fold);
      return { table, pipeline, train, test, seed, shuffled, shuffledTrees };
    }),
  );
  const sums = plan.map(() => new Float32Array(table.count * classes));
  const nulls = draws.map(() => new Float32Array(table.count * classes));
  await inOrder(crew, "judgeFold", jobs, (judged, index) => {
    scatter(
      judged,
      jobs[index].test,
      classes,
      sums[Math.floor(index / folds)],
      jobs[index].shuffled.length ? nulls : [],
    );
    options.onProgress?.({ stage: "validate by patient", done: index + 1, total: jobs.length, unit: "folds" });
  });

  return assembleValidation({
    folds,
    repeats,
    trees: pipeline.classify.trees,
    seed,
    modes: table.modes,
    mode: table.mode,
    byPatient: sums.slice(0, repeats).map((probabilities) => predictionsOf(table, probabilities)),
    randomSplit: predictionsOf(table, sums[repeats]),
    permuted: nulls.map((probabilities, i) => ({ ...predictionsOf(table, probabilities), truth: draws[i] })),
    learningCurve: options.learningCurve
      ? await learningCurve(table, pipeline, crew, { ...options, folds, seed })
      : undefined,
  });
}

function rowsWhere(foldOfRow: Uint8Array, wanted: (fold: number) => boolean): Int32Array {
  const rows = new Int32Array(foldOfRow.length);
  let count = 0;
  for (let row = 0; row < foldOfRow.length; row++) if (wanted(foldOfRow[row])) rows[count++] = row;
  return rows.slice(0, count);
}

function scatter(
  judged: Judged,
  test: Int32Array,
  classes: number,
  into: Float32Array,
  nulls: readonly Float32Array[],
): void {
  const put = (from: Float32Array, to: Float32Array) => {
    for (const [place, row] of test.entries()) {
      to.set(from.subarray(place * classes, (place + 1) * classes), row * classes);
    }
  };
  put(judged.probabilities, into);
  for (const [i, to] of nulls.entries()) put(judged.shuffled[i], to);
}

function predictionsOf(table: Table, probabilities: Float32Array): Predictions {
  return {
    count: table.count,
    classNames: Array.from(table.labels, (value) => table.classNames[value]),
    probabilities,
    truth: table.truth,
    patient: table.patient,
    core: table.core,
  };
}

/** Macro AUC on the same held-out patients after fitting on ever more of the others: does another patient still help? */
async function learningCurve(
  table: Table,
  pipeline: Pipeline,
  crew: Crew,
  { folds, seed }: { folds: number; seed: number },
): Promise<ValidationFinding["learningCurve"]> {
  const classes = table.labels.length;
  const fold = patientFolds({ patient: table.patient, truth: table.truth, classes, folds, seed: `${seed}/folds/0` });
  const steps = learningPatients({ truth: table.truth, patient: table.patient, fold, classes, seed });
  const test = rowsWhere(
    Uint8Array.from(table.patient, (patient) => fold[patient]),
    (of) => of === 0,
  );
  const jobs = steps.map(
    (chosen): FoldInput => ({
      table,
      pipeline,
      train: rowsWhere(
        Uint8Array.from(table.patient, (patient) => (chosen.has(patient) ? 1 : 0)),
        (is) => is === 1,
      ),
      test,
      seed,
      shuffled: [],
      shuffledTrees: 0,
    }),
  );
  const points: NonNullable<ValidationFinding["learningCurve"]>[number][] = [];
  await inOrder(crew, "judgeFold", jobs, (judged, index) => {
    const pick = <T extends Uint8Array | Int32Array>(all: T) => all.filter((_, row) => test.includes(row)) as T;
    const held: Predictions = {
      ...predictionsOf(table, judged.probabilities),
      count: test.length,
      truth: pick(table.truth),
      patient: pick(table.patient),
      core: pick(table.core),
    };
    points.push({ patients: steps[index].size, ...macroAuc(held, seed) });
  });
  return points;
}
