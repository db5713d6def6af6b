import { patientFolds } from "../classify/folds.js";
import { fitTemperature } from "../classify/temperature.js";
import type { Model, Pipeline } from "../cube/model.js";
import type { Crew } from "./crew.js";
import { forestProbabilities } from "./forest-probabilities.js";
import { growForest } from "./grow-forest.js";
import { canHoldOut, labelledRows, patientsOfClasses } from "./labelled-rows.js";
import { projectRows, reduceRows } from "./reduce-rows.js";
import type { Table } from "./table.js";
import { forestOptions, trainingOf } from "./training-of.js";

const FOLDS = 5;
/** Trees of these forests, where the pipeline has more: with 200 the error of calibration came out as with 50 (docs/validation.md). */
const TREES = 50;

/**
 * The temperature of the probabilities of a model of some rows, measured on patients held out of them in folds: components and forests are
 * fitted on the others. A class that is in one patient or fold only does not count. Undefined where no patient can be held out.
 */
export async function heldTemperature(
  table: Table,
  among: Int32Array,
  pipeline: Pipeline,
  seed: number,
  crew: Crew,
): Promise<Model["temperature"]> {
  const rows = labelledRows(table, among);
  if (!canHoldOut(rows)) return undefined;
  const { patient, truth } = rows;
  const classes = rows.classNames.length;
  const folds = Math.min(FOLDS, new Set(patient).size);
  const { fold: foldOf, unvalidated } = patientFolds({ ...rows, folds, seed: `${seed}/temperature` });
  const options = { ...forestOptions(pipeline, seed), trees: Math.min(TREES, pipeline.classify.trees) };
  const said: Float32Array[] = [];
  const known: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const fitted = among.filter((_, i) => foldOf[patient[i]] !== fold);
    const held = among.filter((_, i) => foldOf[patient[i]] === fold && !unvalidated.includes(truth[i]));
    // Of two patients with a class each, one is left to learn from: nothing is told apart there.
    const learned = new Set(fitted.map((row) => table.truth[row]));
    if (held.length === 0 || learned.size < 2) continue;
    const { pca, scores } = await reduceRows(table, fitted, pipeline, crew);
    const forest = await growForest(trainingOf(table, fitted, scores, pca.components), options, crew, {});
    const projected = await projectRows(table, held, pca, crew);
    said.push(forestProbabilities(forest, projected.scores, held.length));
    for (const row of held) known.push(table.truth[row]);
  }
  const probabilities = new Float32Array(known.length * classes);
  let at = 0;
  for (const part of said) {
    probabilities.set(part, at);
    at += part.length;
  }
  const units = patientsOfClasses(rows).reduce((sum, patients) => sum + patients, 0);
  return fitTemperature({ probabilities, truth: known, classes, trees: pipeline.classify.trees, units });
}
