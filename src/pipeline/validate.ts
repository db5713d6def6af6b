import { patientFolds, randomFolds } from "../classify/folds.js";
import { applyTemperature } from "../classify/temperature.js";
import { validation } from "../classify/validation.js";
import type { Cohort } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import type { Findings, ValidationFinding } from "../cube/findings.js";
import type { Model, Pipeline } from "../cube/model.js";
import { wordKey } from "../cube/words.js";
import { type Crew, inOrder, withCrew } from "./crew.js";
import { type FitOptions, fitTable } from "./fit.js";
import { fittedFindings } from "./fitted-findings.js";
import type { FoldInput } from "./judge-fold.js";
import { learningCurve } from "./learning-curve.js";
import { modelKey } from "./model-key.js";
import { type FoldRows, nullDistribution } from "./null-distribution.js";
import { predictionsOf, rowsWhere, scatter } from "./predictions.js";
import { gatherTable, type Table } from "./table.js";

export interface ValidateOptions extends FitOptions {
  /** Folds of patients; 5 if not given. */
  readonly folds?: number;
  /** How often the folds are drawn anew; 1 if not given. */
  readonly repeats?: number;
  /** Shufflings of the labels for the null test; 99 if not given, 0 leaves it out. */
  readonly permutations?: number;
  /** Trees of its forests; those of the pipeline if not given. */
  readonly nullTrees?: number;
  /** Two classes by name that are held against each other, such as cancer and benign. */
  readonly pair?: readonly [string, string];
  /** Fit with 2, 4, 8 … training patients too; false if not given. */
  readonly learningCurve?: boolean;
}

/** What a validation leaves: the parts of findings.json that it can fill, and the model fitted on all of its patients. */
export interface Validated {
  readonly findings: ReturnType<typeof fittedFindings> & Pick<Findings, "validation">;
  readonly model: Model;
}

/**
 * Judge a pipeline on patients it was not fitted on: folds of whole patients, and beside them the same folds drawn by pixel,
 * which is what a leak would report, and a null test with shuffled labels, which says whether the figures are better than chance.
 * Components, forest, limits of the domain and temperature are fitted anew in every fold. Without patient ids it refuses, or stamps every figure.
 */
export async function validate(cohort: Cohort, pipeline: Pipeline, options: ValidateOptions = {}): Promise<Validated> {
  const { seed = 1, missingPatients = "refuse" } = options;
  return withCrew(options, async (crew) => {
    const table = await gatherTable(cohort, pipeline, crew, { ...options, seed, missingPatients });
    const found = await validateTable(table, pipeline, crew, { ...options, seed });
    const model = await fitTable(table, pipeline, crew, { ...options, seed });
    const validation = { model: modelKey(model), ...found };
    return { findings: { ...fittedFindings(table, model), validation }, model };
  });
}

/** The validation of annotated spectra that are at hand. */
export async function validateTable(
  table: Table,
  pipeline: Pipeline,
  crew: Crew,
  options: ValidateOptions & { seed: number },
): Promise<ValidationFinding> {
  const { folds = 5, repeats = 1, permutations = 99, seed } = options;
  const classes = table.labels.length;
  const classNames = Array.from(table.labels, (value) => table.classNames[value]);
  const { truth, patient } = table;

  const dealt = Array.from({ length: repeats }, (_, repeat) =>
    patientFolds({ patient, truth, classNames, folds, seed: `${seed}/folds/${repeat}` }),
  );
  for (const warning of new Set(dealt.flatMap(({ warnings }) => warnings))) options.onRemark?.(warning);
  const byPatient = dealt.map(({ fold }) => Int32Array.from(patient, (of) => fold[of]));
  const byPixel = randomFolds(table.count, folds, `${seed}/random`);

  // One list of jobs, so that no worker waits at the end of a kind.
  const plan = [...byPatient, byPixel];
  const jobs = plan.flatMap((foldOfRow, i) =>
    Array.from({ length: folds }, (_, fold): FoldInput => {
      const test = rowsWhere(foldOfRow, (of) => of === fold);
      const train = rowsWhere(foldOfRow, (of) => of !== fold);
      return { table, pipeline, train, test, seed, stains: i < repeats, scores: i === 0 && permutations > 0 };
    }),
  );
  const held = plan.map(() => new Float32Array(table.count * classes));
  const stained = byPatient.map(() => ({
    probabilities: new Float32Array(table.count * classes),
    outside: new Uint8Array(table.count),
  }));
  const foldRows: FoldRows[] = [];
  await inOrder(crew, "judgeFold", jobs, ({ probabilities, stained: fold, scores }, index) => {
    const { train, test } = jobs[index];
    const repeat = Math.floor(index / folds);
    scatter(probabilities, test, classes, held[repeat]);
    if (fold) {
      const calibrated = probabilities.slice();
      if (fold.temperature) applyTemperature(calibrated, test.length, classes, fold.temperature);
      scatter(calibrated, test, classes, stained[repeat].probabilities);
      for (const [i, row] of test.entries()) stained[repeat].outside[row] = fold.outside[i];
    }
    if (scores) foldRows.push({ train, test, scores: scores.train, held: scores.test });
    options.onProgress?.({ stage: "validate by patient", done: index + 1, total: jobs.length, unit: "folds" });
  });

  const unvalidated = [...new Set(dealt.flatMap((of) => of.unvalidated))];
  return validation({
    folds,
    trees: pipeline.classify.trees,
    unvalidated,
    byPatient: held.slice(0, repeats).map((probabilities) => predictionsOf(table, probabilities)),
    randomSplit: [predictionsOf(table, held[repeats])],
    stained: { rows: stained, threshold: pipeline.stain.threshold, refused: refusedPixels(table) },
    annotated: annotatedOf(table),
    pair: options.pair && pairOf(classNames, options.pair),
    patientNames: table.patients,
    modes: Array.from(table.mode, (mode) => table.modes[mode]),
    permutation:
      permutations > 0
        ? await nullDistribution(table, pipeline, foldRows, crew, {
            ...options,
            permutations,
            trees: options.nullTrees,
            unvalidated,
          })
        : undefined,
    learning: options.learningCurve
      ? await learningCurve(table, pipeline, byPatient[0], crew, { ...options, folds, seed })
      : undefined,
  });
}

/** The classes of a pair by their names; a name that is none of them is an error. */
function pairOf(classNames: readonly string[], names: readonly [string, string]): [number, number] {
  const [a, b] = names.map((name) => {
    const k = classNames.findIndex((of) => wordKey(of) === wordKey(name));
    if (k >= 0) return k;
    throw new SpectraError(
      "labels",
      "validate",
      `no class is named "${name}"; the classes are ${classNames.join(", ")}`,
    );
  });
  if (a === b) throw new SpectraError("labels", "validate", `a pair needs two classes, not "${names[0]}" twice`);
  return [a, b];
}

/** Annotated pixels a class, and how many of its patient and class each row of the table stands for. */
function annotatedOf({ annotated, truth, patient, labels }: Table) {
  const classes = labels.length;
  const tested = new Float64Array(annotated.length);
  for (const [row, k] of truth.entries()) tested[patient[row] * classes + k]++;
  const weights = Float64Array.from(truth, (k, row) => {
    const group = patient[row] * classes + k;
    return annotated[group] / tested[group];
  });
  const pixels = new Array<number>(classes).fill(0);
  for (const [group, count] of annotated.entries()) pixels[group % classes] += count;
  return { pixels, weights };
}

/** Annotated pixels that were drawn and that the quality step refused. */
function refusedPixels({ quality, count }: Table): number {
  return quality.reduce((sum, { pixels }) => sum + pixels, 0) - count;
}
