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

/** What some rows of a stain give to its overview. */
export interface ThinnedRows {
  /** The first row of it in the overview. */
  readonly first: number;
  readonly classes: Uint8Array;
  readonly probabilities: Float32Array;
  readonly rejected: Uint8Array;
  /** Four planes one after another, or none. */
  readonly chemical: Float32Array;
}

/** Take every `thin`-th pixel of some rows that are `cols` wide. */
export function thinRows(block: StainedRows, cols: number, thin: number): ThinnedRows {
  const { row, rows, chemical } = block;
  const size = block.probabilities.length / (rows * cols);
  const first = Math.ceil(row / thin);
  const end = Math.ceil((row + rows) / thin);
  const width = Math.ceil(cols / thin);
  const pixels = (end - first) * width;
  const classes = new Uint8Array(pixels);
  const rejected = new Uint8Array(pixels);
  const probabilities = new Float32Array(pixels * size);
  for (let y = first, to = 0; y < end; y++) {
    for (let x = 0; x < width; x++, to++) {
      const from = (y * thin - row) * cols + x * thin;
      classes[to] = block.classes[from];
      rejected[to] = block.rejected[from];
      for (let k = 0; k < size; k++) probabilities[to * size + k] = block.probabilities[from * size + k];
    }
  }
  return { first, classes, probabilities, rejected, chemical };
}

export function openOverview(
  { rows, cols }: Pick<Cube, "rows" | "cols">,
  model: Model,
  thin: number,
): { add(part: ThinnedRows): void; finish(): Overview } {
  const width = Math.ceil(cols / thin);
  const height = Math.ceil(rows / thin);
  const classCount = model.labels.length;
  const map = {
    rows: height,
    cols: width,
    classNames: model.classNames,
    labels: model.labels,
    // Shared from the beginning: the pictures are drawn by workers, and a copy for them would be held beside it.
    classes: new Uint8Array(new SharedArrayBuffer(width * height)),
    probabilities: new Float32Array(new SharedArrayBuffer(4 * width * height * classCount)),
    rejected: new Uint8Array(new SharedArrayBuffer(width * height)),
  };
  const chemical = [0, 1, 2, 3].map(() => new Float32Array(new SharedArrayBuffer(4 * width * height)));
  return {
    add({ first, classes, probabilities, rejected, chemical: planes }) {
      const at = first * width;
      map.classes.set(classes, at);
      map.rejected.set(rejected, at);
      map.probabilities.set(probabilities, at * classCount);
      const plane = planes.length / 4;
      for (const [c, picture] of chemical.entries()) picture.set(planes.subarray(c * plane, (c + 1) * plane), at);
    },
    finish: () => ({ map, thin, chemical }),
  };
}
