import { naming } from "../cube/errors.js";
import type { Step } from "../cube/step.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { BLOCK, preparePath } from "./path.js";
import { type Pick, pickPixels } from "./pick-pixels.js";
import { bitsOf, spectrumPrint, TELLING } from "./spectrum-print.js";

export interface GatherInput {
  readonly file: string;
  readonly layout: LayoutOptions;
  readonly steps: readonly Step[];
  /** The pixels wanted, ascending; or those that the labels pick. */
  readonly pixels: Int32Array | readonly Pick[];
  /** Further pixels whose spectra, as they are stored, are only told from those of others; none if not given. */
  readonly marks?: readonly Pick[];
}

export interface Gathered {
  /** The spectra that came through the steps, row after row. */
  readonly values: Float32Array;
  /** For each of them its place among the wanted pixels. */
  readonly places: Int32Array;
  /** Reason code of each wanted pixel, 0 when it came through. */
  readonly rejected: Uint8Array;
  /** The pick that each wanted pixel is of, where labels picked them. */
  readonly pickOf: Int32Array;
  /** A print of the spectrum of each wanted pixel as it is stored. */
  readonly prints: Float64Array;
  /** A print of each of the marks, and, where a spectrum has too few bands for it, of all of them as one. */
  readonly markPrints: Float64Array;
  /** The pick that each mark is of. */
  readonly markOf: Int32Array;
}

/** Read chosen pixels of a cube, block of rows by block of rows, and take them through the steps. */
export function gatherCube(input: GatherInput): Promise<Gathered> {
  return naming(input.file, () => gather(input));
}

async function gather({ file, layout, steps, pixels: wanted, marks: picked = [] }: GatherInput): Promise<Gathered> {
  const reader = await openCube(file, layout);
  try {
    const { pixels, pickOf } =
      wanted instanceof Int32Array ? { pixels: wanted, pickOf: new Int32Array(0) } : pickPixels(reader, wanted);
    const { pixels: marks, pickOf: markOf } = pickPixels(reader, picked);
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
    const prints = new Float64Array(pixels.length);
    const markPrints = new Float64Array(marks.length + 1);
    const marked = new Float32Array(marks.length * bands);
    let found = 0;
    let next = 0;
    let mark = 0;
    for (let row = 0; row < rows && (next < pixels.length || mark < marks.length); row += height) {
      const end = Math.min(row + height, rows);
      const last = end * cols;
      if (!(pixels[next] < last) && !(marks[mark] < last)) continue;
      reader.read({ row, rows: end - row }, tile.subarray(0, (end - row) * cols * bands));
      const bits = bitsOf(tile);
      for (; mark < marks.length && marks[mark] < last; mark++) {
        const start = (marks[mark] - row * cols) * bands;
        markPrints[mark] = spectrumPrint(bits, start, bands);
        marked.set(tile.subarray(start, start + bands), mark * bands);
      }
      while (next < pixels.length && pixels[next] < end * cols) {
        const first = next;
        for (let i = 0; i < BLOCK && next < pixels.length && pixels[next] < end * cols; i++, next++) {
          const start = (pixels[next] - row * cols) * bands;
          block.set(tile.subarray(start, start + bands), i * bands);
          prints[next] = spectrumPrint(bits, start, bands);
        }
        const through = path.run(block, next - first, rejected.subarray(first, next));
        values.set(through.values.subarray(0, through.kept * outBands), found * outBands);
        for (let i = 0; i < through.kept; i++) places[found++] = first + through.pixels[i];
      }
    }
    const together = marks.length > 0 && bands <= TELLING;
    markPrints[marks.length] = together ? spectrumPrint(bitsOf(marked), 0, marked.length) : Number.NaN;
    // Nothing is copied where every pixel came through.
    const kept = found < pixels.length ? values.slice(0, found * outBands) : values;
    return { values: kept, places: places.slice(0, found), rejected, pickOf, prints, markPrints, markOf };
  } finally {
    reader.close();
  }
}
