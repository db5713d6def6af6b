import type { Model } from "../cube/model.js";
import { reasonCode } from "../cube/rejected.js";
import type { Step } from "../cube/step.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { type CubeReader, type LayoutOptions, openCube } from "../read/open-cube.js";
import { prepareChemical } from "../stain/chemical.js";
import { decide } from "../stain/decide.js";
import { type Classify, prepareClassify } from "./classify-block.js";
import { BLOCK, preparePath } from "./path.js";

/** Some rows of a cube to be stained. Everything here is plain data. */
export interface StainRowsInput {
  /** The same for all blocks of one cube and model: what was made ready for one block serves the next. */
  readonly key: string;
  readonly model: Model;
  /** The model's steps, with a resampling in front where the cube has another axis. */
  readonly steps: readonly Step[];
  readonly file: string;
  readonly layout: LayoutOptions;
  readonly row: number;
  readonly rows: number;
  /** Every how many pixels, along and across, a pixel of the chemical pictures is taken; 0 when none are wanted. */
  readonly thin: number;
}

export interface StainedRows {
  readonly row: number;
  readonly rows: number;
  readonly classes: Uint8Array;
  readonly probabilities: Float32Array;
  readonly rejected: Uint8Array;
  /** Four planes one after another: amide I, then the three bands of the composite; NaN where a pixel has no spectrum. */
  readonly chemical: Float32Array;
}

const MASKED = reasonCode("masked");

/** What a worker keeps between the blocks of one cube. */
interface Bench {
  readonly key: string;
  readonly reader: CubeReader;
  readonly mask: Uint8Array | undefined;
  readonly values: Float32Array;
  readonly classify: Classify;
  readonly chemical: (block: Float32Array, pixel: number, out: Float32Array, at: number, stride: number) => void;
}

let bench: Bench | undefined;

/** Read rows of a cube and stain them: correct, normalise, reduce, classify, decide. */
export async function stainRows(input: StainRowsInput): Promise<StainedRows> {
  const { model, row, rows, thin } = input;
  bench =
    bench?.key === input.key && bench.values.length >= rows * bench.reader.cube.cols * bandsOf(bench)
      ? bench
      : await setUp(input, bench);
  const { reader, mask, classify, chemical } = bench;
  const { cols } = reader.cube;
  const bands = bandsOf(bench);
  const values = bench.values.subarray(0, rows * cols * bands);
  reader.read({ row, rows }, values);

  const count = rows * cols;
  const classCount = model.labels.length;
  const rejected = new Uint8Array(count);
  const classes = new Uint8Array(count);
  const probabilities = new Float32Array(count * classCount);
  if (mask) for (let i = 0; i < count; i++) if (!mask[row * cols + i]) rejected[i] = MASKED;
  for (let start = 0; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    classify(
      values.subarray(start * bands, end * bands),
      end - start,
      rejected.subarray(start, end),
      probabilities.subarray(start * classCount, end * classCount),
    );
  }
  decide(probabilities, count, model.labels, model.pipeline.stain.threshold, rejected, classes);
  return {
    row,
    rows,
    classes,
    probabilities,
    rejected,
    chemical: thin ? thinned(values, row, rows, cols, thin, chemical) : new Float32Array(0),
  };
}

const bandsOf = (ready: Bench) => ready.reader.cube.axis.wavenumbers.length;

async function setUp(input: StainRowsInput, before: Bench | undefined): Promise<Bench> {
  before?.reader.close();
  bench = undefined;
  const reader = await openCube(input.file, input.layout);
  const kernels = simdKernels();
  const { wavenumbers } = reader.cube.axis;
  const path = preparePath(input.steps, wavenumbers, kernels);
  const values = kernels.float32(input.rows * reader.cube.cols * wavenumbers.length);
  return {
    key: input.key,
    reader,
    mask: reader.mask(),
    values,
    classify: prepareClassify(path, input.model, kernels),
    chemical: prepareChemical(wavenumbers),
  };
}

function thinned(
  values: Float32Array,
  row: number,
  rows: number,
  cols: number,
  thin: number,
  chemical: Bench["chemical"],
): Float32Array {
  const width = Math.ceil(cols / thin);
  const first = Math.ceil(row / thin) * thin;
  const height = Math.max(0, Math.ceil((row + rows - first) / thin));
  const planes = new Float32Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      chemical(values, (first + y * thin - row) * cols + x * thin, planes, y * width + x, width * height);
    }
  }
  return planes;
}
