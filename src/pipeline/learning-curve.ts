import { nestedPatients } from "../classify/learning-curve.js";
import type { Pipeline } from "../cube/model.js";
import type { Predictions } from "../cube/predictions.js";
import { type Crew, inOrder } from "./crew.js";
import type { FoldInput } from "./judge-fold.js";
import { predictionsOf, rowsWhere, scatter } from "./predictions.js";
import type { RunOptions } from "./progress.js";
import type { Table } from "./table.js";

/**
 * Predict every fold from ever more of the patients outside it, 2, 4, 8 … and all: does another patient still help?
 * The sets of a fold are nested, and the pixels judged are the same at every size.
 */
export async function learningCurve(
  table: Table,
  pipeline: Pipeline,
  foldOfRow: Int32Array,
  crew: Crew,
  options: RunOptions & { folds: number; seed: number },
): Promise<{ patients: number; predictions: Predictions }[]> {
  const { folds, seed } = options;
  const classes = table.labels.length;
  const parts = Array.from({ length: folds }, (_, fold) => {
    const rows = rowsWhere(foldOfRow, (of) => of !== fold);
    const patients = new Set(Array.from(rows, (row) => table.patient[row])).size;
    return { fold, rows, patients };
  });
  // The smallest training side decides, so that a size means the same in every fold.
  const most = Math.min(...parts.map(({ patients }) => patients));
  const sizes = [2, 4, 8, 16, 32, 64, 128, 256, 512].filter((size) => size < most);
  sizes.push(most);

  const jobs = parts.flatMap(({ fold, rows }) => {
    const chosen = nestedPatients({
      patient: Array.from(rows, (row) => table.patient[row]),
      truth: Array.from(rows, (row) => table.truth[row]),
      classes,
      sizes,
      seed: `${seed}/learning/${fold}`,
    });
    const test = rowsWhere(foldOfRow, (of) => of === fold);
    return chosen.map((patients): FoldInput => {
      const among = new Set(patients);
      const train = rows.filter((row) => among.has(table.patient[row]));
      return { table, pipeline, train, test, seed };
    });
  });
  const held = sizes.map(() => new Float32Array(table.count * classes));
  await inOrder(crew, "judgeFold", jobs, (judged, index) => {
    scatter(judged.probabilities, jobs[index].test, classes, held[index % sizes.length]);
    options.onProgress?.({ stage: "learning curve", done: index + 1, total: jobs.length, unit: "fits" });
  });
  return sizes.map((patients, i) => ({ patients, predictions: predictionsOf(table, held[i]) }));
}
