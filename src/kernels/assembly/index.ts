export { addMoments } from "./add-moments";
export { growTree } from "./grow-tree";
export { predictForest } from "./predict-forest";
export { project } from "./project";
export { vectorNorm } from "./vector-norm";
export { voteOutOfBag } from "./vote-out-of-bag";

/** First byte that the room may hand out. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}
