import { fitForest } from "../classify/fit-forest.js";
import type { Model, Pipeline } from "../cube/model.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { solo } from "./crew.js";
import { domainLimits } from "./domain-limits.js";
import { forestProbabilities } from "./forest-probabilities.js";
import { heldTemperature } from "./held-temperature.js";
import { projectRows, reduceRows } from "./reduce-rows.js";
import type { Table } from "./table.js";
import { forestOptions, trainingOf } from "./training-of.js";

export interface FoldInput {
  readonly table: Table;
  readonly pipeline: Pipeline;
  /** Rows of the table to fit on, and to judge. Nothing of the latter is seen by the fit. */
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly seed: number;
  /** Whether the fold is to stain, too: limits and temperature are fitted on its training rows; no if not given. */
  readonly stains?: boolean;
  /** Whether the scores of both are wanted back; no if not given. */
  readonly scores?: boolean;
}

export interface Judged {
  /** Shares of the votes: `probabilities[place in test * classes + k]`. */
  readonly probabilities: Float32Array;
  /** 1 for a test row outside the domain, and the temperature of the fold. */
  readonly stained?: { readonly outside: Uint8Array; readonly temperature?: Model["temperature"] };
  /** Scores of the training and of the test rows on the fold's components. */
  readonly scores?: { readonly train: Float32Array; readonly test: Float32Array };
}

/** Fit what a model has on the training rows of a fold, and predict its test rows. */
export async function judgeFold(input: FoldInput): Promise<Judged> {
  const { table, pipeline, train, test, seed } = input;
  // The other threads have folds of their own.
  const crew = solo();
  const { pca, scores } = await reduceRows(table, train, pipeline, crew);
  const { scores: held, q, t2 } = await projectRows(table, test, pca, crew);
  const training = trainingOf(table, train, scores, pca.components);
  const forest = fitForest(training, forestOptions(pipeline, seed), simdKernels());
  const probabilities = forestProbabilities(forest, held, test.length);
  const limits = input.stains ? await domainLimits(table, train, pipeline, seed, crew) : undefined;
  return {
    probabilities,
    ...(limits && {
      stained: {
        outside: Uint8Array.from(test, (_, i) => (q[i] > limits.q || t2[i] > limits.t2 ? 1 : 0)),
        temperature: await heldTemperature(table, train, pipeline, seed, crew),
      },
    }),
    ...(input.scores && { scores: { train: scores, test: held } }),
  };
}
