export { addMoments } from "./add-moments";
export { areaScale } from "./area-scale";
export { asymmetricBaseline } from "./asymmetric-baseline";
export { checkSpectra } from "./check-spectra";
export { gather } from "./gather";
export { growTree } from "./grow-tree";
export { linearBaseline } from "./linear-baseline";
export { markNotFinite } from "./mark-not-finite";
export { minMax } from "./min-max";
export { peakScale } from "./peak-scale";
export { predictForest } from "./predict-forest";
export { project } from "./project";
export { rubberband } from "./rubberband";
export { slidingSum } from "./sliding-sum";
export { snv } from "./snv";
export { subtractFit } from "./subtract-fit";
export { sumDifferences } from "./sum-differences";
export { tidy } from "./tidy";
export { unshuffle } from "./unshuffle";
export { vectorNorm } from "./vector-norm";
export { voteOutOfBag } from "./vote-out-of-bag";

/** First byte that the room may hand out. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}
