import { prepareForest } from "../classify/predict-forest.js";
import type { Forest } from "../cube/forest.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { BLOCK } from "./path.js";

/** What a forest says of many scores, block by block: `probabilities[row * classes + k]`. */
export function forestProbabilities(forest: Forest, scores: Float32Array, count: number): Float32Array {
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
