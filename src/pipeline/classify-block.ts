import { prepareForest } from "../classify/predict-forest.js";
import type { Model } from "../cube/model.js";
import { reasonCode } from "../cube/rejected.js";
import type { Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { distances } from "../reduce/distances.js";
import { prepareProjection } from "../reduce/project.js";
import { BLOCK, preparePath } from "./path.js";

/** Spectra that go down the forest together: as many as its kernel takes at a time, so that a tree is fetched once for all. */
export const TOGETHER = 512;

/**
 * Up to TOGETHER raw spectra to class probabilities, `probabilities[pixel * classes + k]`. Pixels that are rejected on the way get
 * a reason code and no probabilities; one outside the model's domain gets both.
 */
export type Classify = (
  spectra: Float32Array,
  count: number,
  rejected: Uint8Array,
  probabilities: Float32Array,
) => void;

const OUTSIDE = reasonCode("outside domain");

/** Raw spectra to probabilities: the sentence itself. */
export function prepareClassify(
  steps: readonly Step[],
  wavenumbers: Float64Array,
  model: Model,
  kernels: Kernels,
): Classify {
  const { components } = model.pca;
  const bands = wavenumbers.length;
  const classCount = model.labels.length;
  const path = preparePath(steps, wavenumbers, kernels);
  const project = prepareProjection(model.pca, kernels);
  const predict = prepareForest(model.forest, kernels);
  const scores = kernels.float32(TOGETHER * components);
  const squares = kernels.float64(TOGETHER);
  const pixels = new Int32Array(TOGETHER);
  const kept = kernels.float32(TOGETHER * classCount);
  const checked = Number.isFinite(model.limits.q) || Number.isFinite(model.limits.t2);

  /** Scores of the spectra of one block, behind the `before` that there are; gives how many came through. */
  const reduce = (block: Float32Array, count: number, rejected: Uint8Array, before: number): number => {
    const [to, lengths] = [scores.subarray(before * components), squares.subarray(before)];
    // The answer is the path's own and is brought up to date by what follows.
    const spectra = path.runUnchecked(block, count, rejected);
    project(spectra.values, spectra.kept, to, lengths);
    // NaN and infinities show in |x − mean|², which saves a look at every band.
    if (!allFinite(lengths, spectra.kept)) {
      path.refuseNotFinite(rejected);
      project(spectra.values, spectra.kept, to, lengths);
    }
    pixels.set(spectra.pixels.subarray(0, spectra.kept), before);
    return spectra.kept;
  };

  return (spectra, count, rejected, probabilities) => {
    let rows = 0;
    for (let start = 0; start < count; start += BLOCK) {
      const end = Math.min(start + BLOCK, count);
      const block = spectra.subarray(start * bands, end * bands);
      const through = reduce(block, end - start, rejected.subarray(start, end), rows);
      for (let row = rows; row < rows + through; row++) pixels[row] += start;
      rows += through;
    }
    if (!rows) return;
    predict(scores, rows, kept);
    const { q, t2 } = distances({ count: rows, components, values: scores }, squares, model.pca);
    for (let row = 0; row < rows; row++) {
      const pixel = pixels[row];
      if (checked && (q[row] > model.limits.q || t2[row] > model.limits.t2)) rejected[pixel] = OUTSIDE;
      for (let k = 0; k < classCount; k++) probabilities[pixel * classCount + k] = kept[row * classCount + k];
    }
  };
}

function allFinite(squares: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (!Number.isFinite(squares[row])) return false;
  return true;
}
