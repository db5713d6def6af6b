import type { Binned } from "../classify/bins.js";
import { fitTrees } from "../classify/fit-forest.js";
import type { ForestOptions } from "../classify/forest-options.js";
import type { Training } from "../classify/training.js";
import type { TreeRange } from "../classify/tree.js";
import { simdKernels } from "../kernels/simd-kernels.js";

export interface GrowInput {
  readonly training: Training;
  /** Bins of the training, found once for all jobs. */
  readonly binned: Binned;
  readonly options: ForestOptions;
  readonly from: number;
  readonly to: number;
}

/** Fit some trees of a forest; every tree has a seed of its own, so the split into ranges does not matter. */
export function growTrees({ training, binned, options, from, to }: GrowInput): TreeRange {
  return fitTrees(training, options, from, to, simdKernels(), binned);
}
