export { addMoments } from "./add-moments";
export { project } from "./project";
export { vectorNorm } from "./vector-norm";

/** First byte that the room may hand out. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}
