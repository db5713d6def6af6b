import type { Kernels } from "./kernels.js";
import { addMoments } from "./twin/add-moments.js";
import { areaScale } from "./twin/area-scale.js";
import { asymmetricBaseline } from "./twin/asymmetric-baseline.js";
import { checkSpectra } from "./twin/check-spectra.js";
import { gather } from "./twin/gather.js";
import { growTree } from "./twin/grow-tree.js";
import { linearBaseline } from "./twin/linear-baseline.js";
import { markNotFinite } from "./twin/mark-not-finite.js";
import { minMax } from "./twin/min-max.js";
import { peakScale } from "./twin/peak-scale.js";
import { predictForest } from "./twin/predict-forest.js";
import { project } from "./twin/project.js";
import { rubberband } from "./twin/rubberband.js";
import { slidingSum } from "./twin/sliding-sum.js";
import { snv } from "./twin/snv.js";
import { subtractFit } from "./twin/subtract-fit.js";
import { sumDifferences } from "./twin/sum-differences.js";
import { tidy } from "./twin/tidy.js";
import { unshuffle } from "./twin/unshuffle.js";
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
    areaScale,
    asymmetricBaseline,
    checkSpectra,
    gather,
    linearBaseline,
    markNotFinite,
    minMax,
    peakScale,
    rubberband,
    slidingSum,
    snv,
    subtractFit,
    sumDifferences,
    tidy,
    unshuffle,
    addMoments,
    project,
    growTree,
    voteOutOfBag,
    predictForest,
  };
}
