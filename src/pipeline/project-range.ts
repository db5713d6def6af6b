import type { Pca } from "../cube/pca.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { distances } from "../reduce/distances.js";
import { prepareProjection } from "../reduce/project.js";
import { BLOCK } from "./path.js";
import { spectraOf, type TableRange } from "./table-range.js";

export interface ProjectInput extends TableRange {
  readonly pca: Pca;
}

/** Scores of spectra, `scores[row * components + component]`, and how far each lies from the model. */
export interface Projected {
  readonly scores: Float32Array;
  readonly q: Float64Array;
  readonly t2: Float64Array;
}

/** Project the spectra of a range on principal components. */
export function projectRange({ pca, ...range }: ProjectInput): Projected {
  const kernels = simdKernels();
  const project = prepareProjection(pca, kernels);
  const { bands, components } = pca;
  const total = range.to - range.from;
  const block = kernels.float32(BLOCK * bands);
  const blockScores = kernels.float32(BLOCK * components);
  const squares = kernels.float64(BLOCK);
  const scores = new Float32Array(total * components);
  const q = new Float64Array(total);
  const t2 = new Float64Array(total);
  let done = 0;
  for (const { values, count } of spectraOf(range, BLOCK)) {
    block.set(values);
    project(block, count, blockScores, squares);
    const far = distances({ count, components, values: blockScores }, squares, pca);
    q.set(far.q, done);
    t2.set(far.t2, done);
    scores.set(blockScores.subarray(0, count * components), done * components);
    done += count;
  }
  return { scores, q, t2 };
}
