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

/** Spectra that go from the first step to their scores together: at 676 bands 87 KB, which never leave a core's cache. */
export const STRIP = 32;

/** One block of raw spectra to probabilities: the sentence itself. */
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
  const scores = kernels.float32(BLOCK * components);
  const pixels = new Int32Array(BLOCK);
  const kept = kernels.float32(BLOCK * classCount);
  const squares = kernels.float64(BLOCK);
  const checked = Number.isFinite(model.limits.q) || Number.isFinite(model.limits.t2);

  /** Scores of the spectra of one strip, behind those of the block that there are; how many came through. */
  const reduce = (strip: Float32Array, count: number, rejected: Uint8Array, start: number, before: number): number => {
    const [to, lengths] = [scores.subarray(before * components), squares.subarray(before)];
    const through = path.runUnchecked(strip, count, rejected);
    project(through.values, through.kept, to, lengths);
    // NaN and infinities show in |x − mean|², which saves a look at every band.
    if (!allFinite(lengths, through.kept)) {
      path.refuseNotFinite(rejected);
      project(through.values, through.kept, to, lengths);
    }
    for (let row = 0; row < through.kept; row++) pixels[before + row] = start + through.pixels[row];
    return through.kept;
  };

  return (block, count, rejected, probabilities) => {
    let rows = 0;
    for (let start = 0; start < count; start += STRIP) {
      const end = Math.min(start + STRIP, count);
      const strip = block.subarray(start * bands, end * bands);
      rows += reduce(strip, end - start, rejected.subarray(start, end), start, rows);
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
