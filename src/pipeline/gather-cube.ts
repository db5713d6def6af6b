import type { Step } from "../cube/step.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { BLOCK, preparePath } from "./path.js";

export interface GatherInput {
  readonly file: string;
  readonly layout: LayoutOptions;
  readonly steps: readonly Step[];
  /** The pixels wanted, ascending. */
  readonly pixels: Int32Array;
}

export interface Gathered {
  /** The spectra that came through the steps, row after row. */
  readonly values: Float32Array;
  /** For each of them its place in `pixels`. */
  readonly places: Int32Array;
  /** Reason code of each wanted pixel, 0 when it came through. */
  readonly rejected: Uint8Array;
}

/** Read chosen pixels of a cube, block of rows by block of rows, and take them through the steps. */
export async function gatherCube({ file, layout, steps, pixels }: GatherInput): Promise<Gathered> {
  const reader = await openCube(file, layout);
  try {
    const { rows, cols, axis } = reader.cube;
    const bands = axis.wavenumbers.length;
    const kernels = simdKernels();
    const path = preparePath(steps, axis.wavenumbers, kernels);
    const outBands = path.wavenumbers.length;
    const height = Math.min(reader.rowsPerBlock, rows);
    const tile = kernels.float32(height * cols * bands);
    const block = kernels.float32(BLOCK * bands);
    const values = new Float32Array(pixels.length * outBands);
    const places = new Int32Array(pixels.length);
    const rejected = new Uint8Array(pixels.length);
    let found = 0;
    let next = 0;
    for (let row = 0; row < rows && next < pixels.length; row += height) {
      const end = Math.min(row + height, rows);
      if (pixels[next] >= end * cols) continue;
      reader.read({ row, rows: end - row }, tile.subarray(0, (end - row) * cols * bands));
      while (next < pixels.length && pixels[next] < end * cols) {
        const first = next;
        for (let i = 0; i < BLOCK && next < pixels.length && pixels[next] < end * cols; i++, next++) {
          const start = (pixels[next] - row * cols) * bands;
          block.set(tile.subarray(start, start + bands), i * bands);
        }
        const through = path.run(block, next - first, rejected.subarray(first, next));
        values.set(through.values.subarray(0, through.kept * outBands), found * outBands);
        for (let i = 0; i < through.kept; i++) places[found++] = first + through.pixels[i];
      }
    }
    return { values: values.slice(0, found * outBands), places: places.slice(0, found), rejected };
  } finally {
    reader.close();
  }
}
