import { prepareForest } from "../classify/predict-forest.js";
import type { Model } from "../cube/model.js";
import { reasonCode } from "../cube/rejected.js";
import type { Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { distances } from "../reduce/distances.js";
import { prepareProjection } from "../reduce/project.js";
import { BLOCK, preparePath } from "./path.js";

/**
 * Up to BLOCK raw spectra to class probabilities, `probabilities[pixel * classes + k]`. Pixels that are rejected on the way get a
 * reason code and no probabilities; one outside the model's domain gets both.
 */
export type Classify = (block: Float32Array, count: number, rejected: Uint8Array, probabilities: Float32Array) => void;

const OUTSIDE = reasonCode("outside domain");

/** One block of raw spectra to probabilities: the sentence itself. */
export function prepareClassify(
  steps: readonly Step[],
  wavenumbers: Float64Array,
  model: Model,
  kernels: Kernels,
): Classify {
  const { components } = model.pca;
  const classCount = model.labels.length;
  const path = preparePath(steps, wavenumbers, kernels);
  const project = prepareProjection(model.pca, kernels);
  const predict = prepareForest(model.forest, kernels);
  const scores = kernels.float32(BLOCK * components);
  const kept = kernels.float32(BLOCK * classCount);
  const squares = kernels.float64(BLOCK);
  const checked = Number.isFinite(model.limits.q) || Number.isFinite(model.limits.t2);

  return (block, count, rejected, probabilities) => {
    // The answer is the path's own and is brought up to date by what follows.
    const spectra = path.runUnchecked(block, count, rejected);
    project(spectra.values, spectra.kept, scores, squares);
    // NaN and infinities show in |x − mean|², which saves a look at every band.
    if (!allFinite(squares, spectra.kept)) {
      path.refuseNotFinite(rejected);
      project(spectra.values, spectra.kept, scores, squares);
    }
    if (!spectra.kept) return;
    predict(scores, spectra.kept, kept);
    const { q, t2 } = distances({ count: spectra.kept, components, values: scores }, squares, model.pca);
    for (let row = 0; row < spectra.kept; row++) {
      const pixel = spectra.pixels[row];
      if (checked && (q[row] > model.limits.q || t2[row] > model.limits.t2)) rejected[pixel] = OUTSIDE;
      for (let k = 0; k < classCount; k++) probabilities[pixel * classCount + k] = kept[row * classCount + k];
    }
  };
}

function allFinite(squares: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (!Number.isFinite(squares[row])) return false;
  return true;
}
