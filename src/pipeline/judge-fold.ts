import { binFeatures } from "../classify/bins.js";
import { fitForest } from "../classify/fit-forest.js";
import { prepareForest } from "../classify/predict-forest.js";
import type { Forest } from "../cube/forest.js";
import type { Pipeline } from "../cube/model.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { solo } from "./crew.js";
import { forestOptions, trainingOf } from "./fit.js";
import { BLOCK } from "./path.js";
import { projectRows, reduceRows } from "./reduce-rows.js";
import type { Table } from "./table.js";

export interface FoldInput {
  readonly table: Table;
  readonly pipeline: Pipeline;
  /** Rows of the table to fit on, and to judge. Nothing of the latter is seen by the fit. */
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly seed: number;
  /** Shuffled labels for all rows of the table: for each the forest is fitted again on the same components. */
  readonly shuffled: readonly Uint8Array[];
  readonly shuffledTrees: number;
}

export interface Judged {
  /** `probabilities[place in test * classes + k]`. */
  readonly probabilities: Float32Array;
  readonly shuffled: readonly Float32Array[];
}

/** Fit components and forest on the training rows of a fold and predict its test rows. */
export async function judgeFold(input: FoldInput): Promise<Judged> {
  const { table, pipeline, train, test, seed, shuffledTrees } = input;
  // The other threads have folds of their own.
  const crew = solo();
  const { pca, scores } = await reduceRows(table, train, pipeline, crew);
  const held = (await projectRows(table, test, pca, crew)).scores;
  const binned = binFeatures({ values: scores, rows: train.length, features: pca.components });
  const judge = (truth: Uint8Array, trees: number): Float32Array => {
    const training = trainingOf(table, train, scores, pca.components, truth);
    const options = { ...forestOptions(pipeline, seed), trees };
    return probabilitiesOf(fitForest(training, options, simdKernels(), binned), held, test.length);
  };
  return {
    probabilities: judge(table.truth, pipeline.classify.trees),
    shuffled: input.shuffled.map((truth) => judge(truth, shuffledTrees)),
  };
}

function probabilitiesOf(forest: Forest, scores: Float32Array, count: number): Float32Array {
  const kernels = simdKernels();
  const predict = prepareForest(forest, kernels);
  const { features, classes } = forest;
  const block = kernels.float32(BLOCK * features);
  const out = kernels.float32(BLOCK * classes);
  const probabilities = new Float32Array(count * classes);
  for (let start = 0; start < count; start += BLOCK) {
    const rows = Math.min(BLOCK, count - start);
    block.set(scores.subarray(start * features, (start + rows) * features));
    predict(block, rows, out);
    probabilities.set(out.subarray(0, rows * classes), start * classes);
  }
  return probabilities;
}
