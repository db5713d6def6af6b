import type { Order } from "./layout.js";

/** A stretch of image rows as a hyperslab of a dataset: where it starts and how far it reaches in each dimension. */
export function slabOf(
  order: Order,
  row: number,
  rows: number,
  cols: number,
  bands: number,
): { start: number[]; count: number[] } {
  const along = { r: [row, rows], c: [0, cols], b: [0, bands], p: [row * cols, rows * cols] };
  const letters = [...order] as (keyof typeof along)[];
  return { start: letters.map((letter) => along[letter][0]), count: letters.map((letter) => along[letter][1]) };
}

/**
 * Bring values in the order of a dataset to pixels by bands, bands ascending: `out[pixel * bands + band]`.
 * With `reversed` the last band of the dataset comes first.
 */
export function rearrange(
  values: Float32Array,
  order: Order,
  rows: number,
  cols: number,
  bands: number,
  reversed: boolean,
  out: Float32Array,
): void {
  const lengths = { r: rows, c: cols, b: bands, p: rows * cols };
  const strides: Record<string, number> = {};
  let stride = 1;
  for (const letter of [...order].reverse() as (keyof typeof lengths)[]) {
    strides[letter] = stride;
    stride *= lengths[letter];
  }
  const rowStride = strides.r ?? cols * strides.p;
  const colStride = strides.c ?? strides.p;
  const bandStride = reversed ? -strides.b : strides.b;
  const firstBand = reversed ? (bands - 1) * strides.b : 0;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      let from = row * rowStride + col * colStride + firstBand;
      for (let band = 0; band < bands; band++, from += bandStride) out[at++] = values[from];
    }
  }
}

/** Reverse each spectrum in place. */
export function reverseBands(values: Float32Array, count: number, bands: number): void {
  for (let pixel = 0; pixel < count; pixel++) values.subarray(pixel * bands, (pixel + 1) * bands).reverse();
}
