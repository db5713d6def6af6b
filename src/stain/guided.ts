import { SpectraError } from "../cube/errors.js";
import type { StainMap } from "../cube/stain-map.js";
import { decide } from "./decide.js";
import { type MapRow, mapFrom, mapRows } from "./map-rows.js";
import { robustRange } from "./robust-range.js";
import { openRowSums } from "./row-sums.js";

export interface GuidedOptions {
  /** The window is (2 · radius + 1)² pixels; 2 if not given. */
  readonly radius?: number;
  /** Variance of the guide, scaled to 0–1, below which a window counts as flat and is averaged; 0.01 if not given. */
  readonly epsilon?: number;
  /** Pixels whose best class falls below this become "unclassified", as in `decide`; 0 if not given. */
  readonly threshold?: number;
}

/** A row of a map with one value of the guide a pixel. */
export interface GuidedRow extends MapRow {
  readonly guide: Float32Array;
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
  const { rows, cols, labels, rejected } = map;
  if (guide.length !== rows * cols) {
    throw new SpectraError("shape", "stain", `the guide has ${guide.length} values, the map ${rows * cols} pixels`);
  }
  function* guidedBy(): Generator<GuidedRow> {
    let at = 0;
    for (const row of mapRows([map], cols, labels.length)) {
      yield { ...row, guide: guide.subarray(at, at + cols) };
      at += cols;
    }
  }
  const range = robustRange(guide, (pixel) => rejected[pixel] === 0);
  return mapFrom(map, guidedRows(guidedBy(), cols, labels, range, options));
}

/** What is held of a row until it can be given: twice the radius, because a pixel sees the fits of windows that see as far again. */
interface Held {
  readonly row: MapRow;
  /** 1 where a pixel takes part. */
  readonly weight: Float64Array;
  readonly image: Float64Array;
  /** Pixels that take part in the window around each. */
  readonly count: Float64Array;
}

/**
 * The same of rows that come one after another from the top, with the range of the guide that is scaled to 0–1. The sums run down the
 * whole image, so that the numbers do not depend on where a block of rows ends.
 */
export function* guidedRows(
  rows: Iterable<GuidedRow>,
  cols: number,
  labels: Uint8Array,
  [low, high]: readonly [low: number, high: number],
  { radius = 2, epsilon = 0.01, threshold = 0 }: GuidedOptions = {},
): Generator<MapRow> {
  const size = labels.length;
  const scale = high > low ? 1 / (high - low) : 0;
  const line = () => new Float64Array(cols);
  const sums = () => openRowSums(cols, radius);
  const [counts, means, variances] = [sums(), sums(), sums()];
  // Of each class the sums of its probability, alone and times the guide; then of its fits, offset and slope.
  const classSums = Array.from({ length: size }, () => ({ offset: sums(), slope: sums() }));
  const fitSums = Array.from({ length: size }, () => ({ offset: sums(), slope: sums() }));
  const [mean, variance, square, offset, slope, fitOffset, fitSlope] = Array.from({ length: 7 }, line);
  const averaged = Array.from({ length: size }, () => ({ offset: line(), slope: line() }));
  const held: Held[] = [];
  let fitted = 0;

  /** Fit a row whose sums are there, and give the row above whose windows are all fitted. */
  const fitRow = (classSum: (k: number) => void): MapRow | undefined => {
    const { weight, count } = held[fitted++];
    for (let i = 0; i < cols; i++) {
      if (weight[i] === 0) continue;
      mean[i] /= count[i];
      variance[i] = Math.max(variance[i] / count[i] - mean[i] * mean[i], 0);
    }
    let complete = false;
    for (let k = 0; k < size; k++) {
      classSum(k);
      for (let i = 0; i < cols; i++) {
        const p = weight[i] > 0 ? offset[i] / count[i] : 0;
        fitSlope[i] = weight[i] > 0 ? (slope[i] / count[i] - mean[i] * p) / (variance[i] + epsilon) : 0;
        fitOffset[i] = p - fitSlope[i] * mean[i] * weight[i];
      }
      complete = fitSums[k].offset.push(fitOffset, averaged[k].offset);
      fitSums[k].slope.push(fitSlope, averaged[k].slope);
    }
    return complete ? finish() : undefined;
  };
  const finish = (): MapRow => {
    fitted--;
    const { row, weight, image, count } = held.shift()!;
    const probabilities = row.probabilities.slice();
    for (let k = 0; k < size; k++) {
      const average = averaged[k];
      for (let i = 0; i < cols; i++) {
        if (weight[i] > 0) {
          probabilities[i * size + k] = (average.slope[i] * image[i] + average.offset[i]) / count[i];
        }
      }
    }
    for (let i = 0; i < cols; i++) if (weight[i] > 0) toShares(probabilities, i * size, size);
    const rejected = row.rejected.slice();
    const classes = row.classes.slice();
    decide(probabilities, cols, labels, threshold, rejected, classes);
    return { classes, probabilities, rejected };
  };

  for (const row of rows) {
    const { guide, rejected, probabilities } = row;
    const weight = Float64Array.from(guide, (value, i) => (rejected[i] === 0 && Number.isFinite(value) ? 1 : 0));
    const image = Float64Array.from(guide, (value, i) => (weight[i] > 0 ? (value - low) * scale : 0));
    for (let i = 0; i < cols; i++) square[i] = image[i] * image[i];
    held.push({ row, weight, image, count: line() });
    const there = counts.push(weight, held[fitted].count);
    means.push(image, mean);
    variances.push(square, variance);
    const add = (k: number) => {
      for (let i = 0; i < cols; i++) {
        fitOffset[i] = weight[i] * probabilities[i * size + k];
        fitSlope[i] = fitOffset[i] * image[i];
      }
      classSums[k].offset.push(fitOffset, offset);
      classSums[k].slope.push(fitSlope, slope);
    };
    if (there) {
      const ready = fitRow(add);
      if (ready) yield ready;
    } else for (let k = 0; k < size; k++) add(k);
  }
  while (fitted < held.length && counts.drain(held[fitted].count)) {
    means.drain(mean);
    variances.drain(variance);
    const ready = fitRow((k) => {
      classSums[k].offset.drain(offset);
      classSums[k].slope.drain(slope);
    });
    if (ready) yield ready;
  }
  while (held.length) {
    for (const [k, { offset, slope }] of fitSums.entries()) {
      offset.drain(averaged[k].offset);
      slope.drain(averaged[k].slope);
    }
    yield finish();
  }
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
