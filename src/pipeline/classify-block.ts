import { prepareForest } from "../classify/predict-forest.js";
import { applyTemperature } from "../classify/temperature.js";
import type { Model } from "../cube/model.js";
import { reasonCode } from "../cube/rejected.js";
import type { Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { distances } from "../reduce/distances.js";
import { prepareProjection } from "../reduce/project.js";
import { BLOCK, preparePath } from "./path.js";

/** Spectra that go down the forest at a time: as many as its kernel takes, so that a tree is fetched once for all. */
export const TOGETHER = 512;

/**
 * Rows of an image whose pixels go down the forest column by column: 32 that go together are then 8 × 4 neighbours, more alike
 * than 32 of one row.
 */
const DEEP = 8;

/** Where the pixels of a tile are in arrays over more of the image: (y, x) at `first + y * stride + x`. */
export interface Place {
  readonly first: number;
  readonly stride: number;
}

/**
 * The raw spectra of a tile, row by row, to class probabilities, `probabilities[pixel * classes + k]`. Pixels that are rejected on the
 * way get a reason code and no probabilities; one outside the model's domain gets both.
 */
export type Classify = (
  spectra: Float32Array,
  tile: { readonly rows: number; readonly cols: number },
  place: Place,
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
  const bands = wavenumbers.length;
  const classCount = model.labels.length;
  const { components } = model.pca;
  const reduce = prepareReduce(steps, wavenumbers, model, kernels);
  const predict = prepareForest(model.forest, kernels);
  const scores = kernels.float32(TOGETHER * components);
  const found = kernels.float32(TOGETHER * classCount);
  const pixels = new Int32Array(TOGETHER);
  let reduced = roomFor(0, components);

  const walk = (count: number, probabilities: Float32Array) => {
    predict(scores, count, found);
    if (model.temperature) applyTemperature(found, count, classCount, model.temperature);
    for (let row = 0; row < count; row++) {
      const to = pixels[row] * classCount;
      for (let k = 0; k < classCount; k++) probabilities[to + k] = found[row * classCount + k];
    }
  };

  return (spectra, { rows, cols }, { first, stride }, rejected, probabilities) => {
    if (reduced.reasons.length < DEEP * cols) reduced = roomFor(DEEP * cols, components);
    const { reasons, through } = reduced;
    for (let top = 0; top < rows; top += DEEP) {
      const deep = Math.min(DEEP, rows - top);
      const count = deep * cols;
      for (let y = 0; y < deep; y++) {
        const from = first + (top + y) * stride;
        reasons.set(rejected.subarray(from, from + cols), y * cols);
      }
      for (let start = 0; start < count; start += BLOCK) {
        const end = Math.min(start + BLOCK, count);
        reduce(spectra.subarray((top * cols + start) * bands, (top * cols + end) * bands), start, end, reduced);
      }
      for (let y = 0; y < deep; y++) {
        rejected.set(reasons.subarray(y * cols, (y + 1) * cols), first + (top + y) * stride);
      }
      let waiting = 0;
      for (let x = 0; x < cols; x++) {
        for (let y = 0; y < deep; y++) {
          const pixel = y * cols + x;
          if (!through[pixel]) continue;
          const from = pixel * components;
          for (let c = 0; c < components; c++) scores[waiting * components + c] = reduced.scores[from + c];
          pixels[waiting++] = first + (top + y) * stride + x;
          if (waiting < TOGETHER) continue;
          walk(waiting, probabilities);
          waiting = 0;
        }
      }
      if (waiting) walk(waiting, probabilities);
    }
  };
}

/** Some rows of a tile on their way from raw spectra to scores: `scores[pixel * components + c]` where `through[pixel]` is 1. */
interface Reduced {
  readonly reasons: Uint8Array;
  readonly through: Uint8Array;
  readonly scores: Float32Array;
}

function roomFor(pixels: number, components: number): Reduced {
  return {
    reasons: new Uint8Array(pixels),
    through: new Uint8Array(pixels),
    scores: new Float32Array(pixels * components),
  };
}

/** Make ready what takes the raw spectra of the pixels [start, end) to their scores and tells which of them are rejected. */
function prepareReduce(
  steps: readonly Step[],
  wavenumbers: Float64Array,
  { pca, limits }: Model,
  kernels: Kernels,
): (block: Float32Array, start: number, end: number, reduced: Reduced) => void {
  const { components } = pca;
  const path = preparePath(steps, wavenumbers, kernels);
  const project = prepareProjection(pca, kernels);
  const values = kernels.float32(BLOCK * components);
  const squares = kernels.float64(BLOCK);
  const checked = Number.isFinite(limits.q) || Number.isFinite(limits.t2);

  return (block, start, end, { reasons, through, scores }) => {
    const codes = reasons.subarray(start, end);
    // The answer is the path's own and is brought up to date by what follows.
    const spectra = path.runUnchecked(block, end - start, codes);
    project(spectra.values, spectra.kept, values, squares);
    // NaN and infinities show in |x − mean|², which saves a look at every band.
    if (!allFinite(squares, spectra.kept)) {
      path.refuseNotFinite(codes);
      project(spectra.values, spectra.kept, values, squares);
    }
    const { kept, pixels } = spectra;
    const { q, t2 } = distances({ count: kept, components, values }, squares, pca);
    through.fill(0, start, end);
    for (let row = 0; row < kept; row++) {
      const pixel = start + pixels[row];
      through[pixel] = 1;
      if (checked && (q[row] > limits.q || t2[row] > limits.t2)) reasons[pixel] = OUTSIDE;
      for (let c = 0; c < components; c++) scores[pixel * components + c] = values[row * components + c];
    }
  };
}

function allFinite(squares: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (!Number.isFinite(squares[row])) return false;
  return true;
}
