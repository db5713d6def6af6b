import { macroAuc } from "../classify/auc.js";
import { binFeatures } from "../classify/bins.js";
import { type NullTest, nullTest } from "../classify/null-test.js";
import { permuteLabels } from "../classify/permute.js";
import type { Pipeline } from "../cube/model.js";
import { type Crew, inOrder } from "./crew.js";
import type { FoldScores } from "./judge-shuffled.js";
import { predictionsOf, scatter } from "./predictions.js";
import type { RunOptions } from "./progress.js";
import { share } from "./share.js";
import type { Table } from "./table.js";
import { forestOptions, trainingOf } from "./training-of.js";

/** Labellings a job judges, so that a worker is asked for seconds of work and not for tenths. */
const TOGETHER = 4;

/** The training and test rows of a fold of patients and their scores on its components. */
export interface FoldRows {
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly scores: Float32Array;
  readonly held: Float32Array;
}

/**
 * Is the macro AUC of patients held out better than chance? The labels are shuffled (`permuteLabels`), every fold's forest is fitted on
 * them and judged by them; components and bins, which no label changes, stay those of the fold. The true labels go the same way, as
 * shuffle 0, so that p compares like with like where `trees` are fewer than the pipeline's. It says nothing of leaks: where a patient stands
 * on both sides, the labels of both sides are shuffled together.
 */
export async function nullDistribution(
  table: Table,
  pipeline: Pipeline,
  folds: readonly FoldRows[],
  crew: Crew,
  options: RunOptions & { seed: number; permutations: number; trees?: number; unvalidated: readonly number[] },
): Promise<(NullTest & { trees: number }) | undefined> {
  const { seed, permutations, unvalidated } = options;
  const { truth, patient } = table;
  const classes = table.labels.length;
  const { trees = pipeline.classify.trees } = options;
  const scores = folds.map(({ train, scores, held }): FoldScores => {
    const training = trainingOf(table, train, scores, scores.length / train.length);
    const binned = binFeatures(training);
    return share({ training, binned, held, options: { ...forestOptions(pipeline, seed), trees } });
  });
  const labellings = Array.from({ length: permutations + 1 }, (_, i) =>
    i === 0 ? truth : permuteLabels({ truth, patient, classes, seed: `${seed}/null/${i - 1}` }),
  );
  const parts = Array.from({ length: Math.ceil(labellings.length / TOGETHER) }, (_, i) =>
    labellings.slice(i * TOGETHER, (i + 1) * TOGETHER),
  );
  const found: number[] = [];
  let held: Float32Array[] = [];
  function* jobs() {
    for (const part of parts) {
      for (const [f, fold] of scores.entries()) {
        yield { fold, labels: part.map((of) => Uint8Array.from(folds[f].train, (row) => of[row])) };
      }
    }
  }
  await inOrder(crew, "judgeShuffled", jobs(), (judged, index) => {
    const part = parts[Math.floor(index / folds.length)];
    const fold = index % folds.length;
    if (fold === 0) held = part.map(() => new Float32Array(table.count * classes));
    for (const [i, probabilities] of judged.entries()) scatter(probabilities, folds[fold].test, classes, held[i]);
    if (fold < folds.length - 1) return;
    for (const [i, of] of part.entries()) {
      const auc = macroAuc({ ...predictionsOf(table, held[i]), truth: of }, unvalidated);
      if (auc !== null) found.push(auc);
    }
    const done = Math.min(permutations, Math.floor(index / folds.length + 1) * TOGETHER);
    options.onProgress?.({ stage: "shuffle the labels", done, total: permutations, unit: "shuffles" });
  });
  const [observed, ...shuffled] = found;
  const test = observed === undefined ? undefined : nullTest(observed, shuffled);
  return test && { ...test, trees };
}
