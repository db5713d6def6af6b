import { SpectraError } from "../cube/errors.js";
import type { StainMap } from "../cube/stain-map.js";
import { boxSum } from "./box-sum.js";
import { decide } from "./decide.js";
import { robustRange } from "./robust-range.js";

export interface GuidedOptions {
  /** The window is (2 · radius + 1)² pixels; 2 if not given. */
  readonly radius?: number;
  /** Variance of the guide, scaled to 0–1, below which a window counts as flat and is averaged; 0.01 if not given. */
  readonly epsilon?: number;
  /** Pixels whose best class falls below this become "unclassified", as in `decide`; 0 if not given. */
  readonly threshold?: number;
}

/**
 * Smooth the class probabilities along the structures of a guide image, here the amide I integral, and decide the classes again: in
 * every window each probability is fitted as a · guide + b with a penalty on a, and each pixel gets the mean of the fits of all
 * windows around it. Flat stretches are averaged, an edge of the guide stays an edge.
 *
 * `guide` holds one value a pixel; its 1st to 99th percentile over the kept pixels is scaled to 0–1. Only kept pixels with a finite
 * guide take part; all others stay exactly as they were. Fitted values below zero are set to zero and the rest scaled to sum to 1.
 * Source: He, Sun and Tang, "Guided image filtering", IEEE TPAMI 35 (2013) 1397; the window sums run over kept pixels only, which
 * is our addition.
 */
export function guided(map: StainMap, guide: Float32Array, options: GuidedOptions = {}): StainMap {
  const { radius = 2, epsilon = 0.01, threshold = 0 } = options;
  const { rows, cols } = map;
  const size = map.labels.length;
  const pixels = rows * cols;
  if (guide.length !== pixels) {
    throw new SpectraError("shape", "stain", `the guide has ${guide.length} values, the map ${pixels} pixels`);
  }
  const weight = Float64Array.from(guide, (value, i) => (map.rejected[i] === 0 && Number.isFinite(value) ? 1 : 0));
  const [low, high] = robustRange(guide, (pixel) => weight[pixel] > 0);
  const scale = high > low ? 1 / (high - low) : 0;
  const image = Float64Array.from(guide, (value, i) => (weight[i] > 0 ? (value - low) * scale : 0));

  const scratch = new Float64Array(pixels);
  const sum = (values: Float64Array) => boxSum(values, rows, cols, radius, scratch);
  const count = weight.slice();
  sum(count);
  const mean = image.slice();
  sum(mean);
  const variance = image.map((value) => value * value);
  sum(variance);
  for (let i = 0; i < pixels; i++) {
    if (weight[i] === 0) continue;
    mean[i] /= count[i];
    variance[i] = Math.max(variance[i] / count[i] - mean[i] * mean[i], 0);
  }

  const probabilities = map.probabilities.slice();
  const slope = new Float64Array(pixels);
  const offset = new Float64Array(pixels);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < pixels; i++) {
      offset[i] = weight[i] * map.probabilities[i * size + k];
      slope[i] = offset[i] * image[i];
    }
    sum(offset);
    sum(slope);
    for (let i = 0; i < pixels; i++) {
      const p = weight[i] > 0 ? offset[i] / count[i] : 0;
      slope[i] = weight[i] > 0 ? (slope[i] / count[i] - mean[i] * p) / (variance[i] + epsilon) : 0;
      offset[i] = p - slope[i] * mean[i] * weight[i];
    }
    sum(offset);
    sum(slope);
    for (let i = 0; i < pixels; i++) {
      if (weight[i] > 0) probabilities[i * size + k] = (slope[i] * image[i] + offset[i]) / count[i];
    }
  }
  for (let i = 0; i < pixels; i++) if (weight[i] > 0) toShares(probabilities, i * size, size);

  const rejected = map.rejected.slice();
  const classes = map.classes.slice();
  decide(probabilities, pixels, map.labels, threshold, rejected, classes);
  return { ...map, probabilities, rejected, classes };
}

/** Set what is below zero to zero and scale to a sum of 1. */
function toShares(values: Float32Array, start: number, size: number): void {
  let total = 0;
  for (let i = start; i < start + size; i++) {
    values[i] = Math.max(values[i], 0);
    total += values[i];
  }
  if (total > 0) for (let i = start; i < start + size; i++) values[i] /= total;
}
