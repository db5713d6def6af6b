import { expect, test } from "vitest";
import type { Model } from "#cube/model";
import { random } from "#cube/random";
import type { StainMap } from "#cube/stain-map";
import { openSmoothing } from "#pipeline/smooth-blocks";
import type { StainedRows } from "#pipeline/stain-rows";
import { decide } from "#stain/decide";
import { robustRange } from "#stain/robust-range";

// The smoothing of a whole map at once, as it was before maps were smoothed in strips: what strips must give to the bit.

function boxSum(values: Float64Array, rows: number, cols: number, radius: number): void {
  const scratch = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) runningSum(values, row * cols, 1, cols, radius, scratch);
  for (let col = 0; col < cols; col++) runningSum(scratch, col, cols, rows, radius, values);
}

function runningSum(
  from: Float64Array,
  start: number,
  step: number,
  length: number,
  radius: number,
  to: Float64Array,
): void {
  let sum = 0;
  for (let i = 0; i < Math.min(radius, length); i++) sum += from[start + i * step];
  for (let i = 0; i < length; i++) {
    if (i + radius < length) sum += from[start + (i + radius) * step];
    if (i - radius > 0) sum -= from[start + (i - radius - 1) * step];
    to[start + i * step] = sum;
  }
}

function guidedWhole(map: StainMap, guide: Float32Array, threshold: number): StainMap {
  const [radius, epsilon] = [2, 0.01];
  const { rows, cols } = map;
  const size = map.labels.length;
  const pixels = rows * cols;
  const weight = Float64Array.from(guide, (value, i) => (map.rejected[i] === 0 && Number.isFinite(value) ? 1 : 0));
  const [low, high] = robustRange(guide, (pixel) => weight[pixel] > 0);
  const scale = high > low ? 1 / (high - low) : 0;
  const image = Float64Array.from(guide, (value, i) => (weight[i] > 0 ? (value - low) * scale : 0));
  const sum = (values: Float64Array) => boxSum(values, rows, cols, radius);
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
  for (let i = 0; i < pixels; i++) {
    if (weight[i] === 0) continue;
    let total = 0;
    for (let k = i * size; k < (i + 1) * size; k++) {
      probabilities[k] = Math.max(probabilities[k], 0);
      total += probabilities[k];
    }
    if (total > 0) for (let k = i * size; k < (i + 1) * size; k++) probabilities[k] /= total;
  }
  const rejected = map.rejected.slice();
  const classes = map.classes.slice();
  decide(probabilities, pixels, map.labels, threshold, rejected, classes);
  return { ...map, probabilities, rejected, classes };
}

function majorityWhole(map: StainMap): StainMap {
  const { rows, cols, rejected } = map;
  const classes = map.classes.map((own, pixel) => {
    if (rejected[pixel]) return own;
    const [row, col] = [Math.floor(pixel / cols), pixel % cols];
    const votes = new Map<number, number>();
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, col - 1); x <= Math.min(cols - 1, col + 1); x++) {
        const i = y * cols + x;
        if (!rejected[i]) votes.set(map.classes[i], (votes.get(map.classes[i]) ?? 0) + 1);
      }
    }
    const most = Math.max(...votes.values());
    const winners = [...votes].filter(([, count]) => count === most);
    return winners.length === 1 ? winners[0][0] : own;
  });
  return { ...map, classes };
}

/** A map of noise with holes, its guide among them, in blocks of so many rows. */
function noise(rows: number, cols: number, seed: number) {
  const draw = random(seed);
  const labels = Uint8Array.of(1, 2, 4);
  const pixels = rows * cols;
  const probabilities = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    const parts = [0, 1, 2].map(() => draw.uniform());
    const total = parts[0] + parts[1] + parts[2];
    for (let k = 0; k < 3; k++) probabilities[3 * i + k] = parts[k] / total;
  }
  const rejected = Uint8Array.from({ length: pixels }, () => (draw.uniform() < 0.1 ? 3 : 0));
  const classes = new Uint8Array(pixels);
  decide(probabilities, pixels, labels, 0.4, rejected, classes);
  const guide = Float32Array.from({ length: pixels }, () => (draw.uniform() < 0.03 ? Number.NaN : 10 * draw.uniform()));
  const map = { rows, cols, classNames: ["", "a", "b", "", "c"], labels, classes, probabilities, rejected };
  const blocksOf = (height: number, thin: number) =>
    function* (): Generator<StainedRows> {
      for (let row = 0; row < rows; row += height) {
        const end = Math.min(row + height, rows);
        const first = Math.ceil(row / thin);
        const planes: number[] = [];
        for (let y = first; y * thin < end; y++) {
          for (let x = 0; x * thin < cols; x++) planes.push(guide[y * thin * cols + x * thin]);
        }
        yield {
          row,
          rows: end - row,
          classes: classes.slice(row * cols, end * cols),
          probabilities: probabilities.slice(row * cols * 3, end * cols * 3),
          rejected: rejected.slice(row * cols, end * cols),
          chemical: Float32Array.from([0, 1, 2, 3].flatMap(() => planes)),
        };
      }
    };
  return { map, guide, blocksOf };
}

for (const smoothing of ["majority", "guided"] as const) {
  test(`${smoothing} in strips gives the bytes of the whole map, whatever the strips`, () => {
    const [rows, cols] = [23, 17];
    const model = {
      labels: Uint8Array.of(1, 2, 4),
      classNames: ["", "a", "b", "", "c"],
      pipeline: { stain: { smoothing, threshold: 0.4 } },
    } as unknown as Model;
    for (const thin of [1, 3]) {
      const { map, guide, blocksOf } = noise(rows, cols, thin);
      const nearest = guide.map((_, i) => {
        const [row, col] = [Math.floor(i / cols), i % cols];
        return guide[(row - (row % thin)) * cols + col - (col % thin)];
      });
      const whole = smoothing === "guided" ? guidedWhole(map, nearest, 0.4) : majorityWhole(map);
      for (const [height, out] of [
        [1, 1],
        [2, 5],
        [7, 3],
        [23, 23],
        [4, 100],
      ]) {
        const { blocks } = openSmoothing(blocksOf(height, thin), { ...map, path: "" } as never, model, thin);
        const found = [...blocks(out)];
        expect(found.map(({ row }) => row)).toEqual(found.map((_, i) => i * out));
        for (const name of ["classes", "probabilities", "rejected"] as const) {
          expect(found.flatMap((block) => [...block[name]])).toEqual([...whole[name]]);
        }
      }
    }
  });
}
