import type { Binned } from "../classify/bins.js";
import { fitForest } from "../classify/fit-forest.js";
import type { ForestOptions } from "../classify/forest-options.js";
import type { Training } from "../classify/training.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { forestProbabilities } from "./forest-probabilities.js";

/** A fold as its components see it, which no label changes. */
export interface FoldScores {
  readonly training: Training;
  readonly binned: Binned;
  /** Scores of the test rows. */
  readonly held: Float32Array;
  readonly options: ForestOptions;
}

export interface ShuffledInput {
  readonly fold: FoldScores;
  /** Labels of the training rows, an array a shuffle. */
  readonly labels: readonly Uint8Array[];
}

/** Fit the forest of a fold anew on each of several labellings of the same spectra, and predict its test rows. */
export function judgeShuffled({ fold, labels }: ShuffledInput): Float32Array[] {
  const { training, binned, held, options } = fold;
  const kernels = simdKernels();
  return labels.map((of) => {
    const forest = fitForest({ ...training, labels: of }, options, kernels, binned);
    return forestProbabilities(forest, held, held.length / training.features);
  });
}
