export { addMoments } from "./add-moments";
export { areaScale } from "./area-scale";
export { asymmetricBaseline } from "./asymmetric-baseline";
export { gather } from "./gather";
export { linearBaseline } from "./linear-baseline";
export { minMax } from "./min-max";
export { peakScale } from "./peak-scale";
export { project } from "./project";
export { rubberband } from "./rubberband";
export { slidingSum } from "./sliding-sum";
export { snv } from "./snv";
export { subtractFit } from "./subtract-fit";
export { vectorNorm } from "./vector-norm";

/** First byte that the room may hand out. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}
