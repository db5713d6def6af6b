import type { Cube } from "../cube/cube.js";
import type { Model } from "../cube/model.js";
import type { StainMap } from "../cube/stain-map.js";
import type { StainedRows } from "./stain-rows.js";

/** Every `thin`-th pixel of a stain along and across, for the pictures: bounded whatever the size of the cube. */
export interface Overview {
  readonly map: StainMap;
  readonly thin: number;
  /** Planes of the chemical pictures: amide I, red, green, blue. */
  readonly chemical: readonly Float32Array[];
}

export function openOverview(
  { rows, cols }: Cube,
  model: Model,
  thin: number,
): { add(block: StainedRows): void; finish(): Overview } {
  const width = Math.ceil(cols / thin);
  const height = Math.ceil(rows / thin);
  const classCount = model.labels.length;
  const map = {
    rows: height,
    cols: width,
    classNames: model.classNames,
    labels: model.labels,
    classes: new Uint8Array(width * height),
    probabilities: new Float32Array(width * height * classCount),
    rejected: new Uint8Array(width * height),
  };
  const chemical = [0, 1, 2, 3].map(() => new Float32Array(width * height));
  return {
    add(block) {
      const first = Math.ceil(block.row / thin);
      const end = Math.ceil((block.row + block.rows) / thin);
      const plane = (end - first) * width;
      for (const [c, picture] of chemical.entries()) {
        picture.set(block.chemical.subarray(c * plane, (c + 1) * plane), first * width);
      }
      for (let y = first; y < end; y++) {
        for (let x = 0; x < width; x++) {
          const from = (y * thin - block.row) * cols + x * thin;
          const to = y * width + x;
          map.classes[to] = block.classes[from];
          map.rejected[to] = block.rejected[from];
          for (let k = 0; k < classCount; k++) {
            map.probabilities[to * classCount + k] = block.probabilities[from * classCount + k];
          }
        }
      }
    },
    finish: () => ({ map, thin, chemical }),
  };
}
