import type { Kernels } from "./kernels.js";
import { addMoments } from "./twin/add-moments.js";
import { growTree } from "./twin/grow-tree.js";
import { predictForest } from "./twin/predict-forest.js";
import { project } from "./twin/project.js";
import { vectorNorm } from "./twin/vector-norm.js";
import { voteOutOfBag } from "./twin/vote-out-of-bag.js";

/** The kernels in plain TypeScript: the definition of each, and the one to read. */
export function twinKernels(): Kernels {
  return {
    name: "typescript",
    float32: (length) => new Float32Array(length),
    float64: (length) => new Float64Array(length),
    int32: (length) => new Int32Array(length),
    uint8: (length) => new Uint8Array(length),
    vectorNorm,
    addMoments,
    project,
    growTree,
    voteOutOfBag,
    predictForest,
  };
}
