import type { Model } from "../cube/model.js";
import { reasonCode } from "../cube/rejected.js";
import type { Step } from "../cube/step.js";
import { NotPlain } from "../hdf5/raw-file.js";
import type { Unshuffle } from "../hdf5/read-direct.js";
import type { Kernels } from "../kernels/kernels.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { type CubeReader, type LayoutOptions, openCube, type Region } from "../read/open-cube.js";
import { type CubeSource, openSource } from "../read/open-source.js";
import { prepareChemical } from "../stain/chemical.js";
import { decide } from "../stain/decide.js";
import { type Classify, prepareClassify } from "./classify-block.js";
import { type PackedRows, type Packing, packRows } from "./pack-rows.js";

/** Some rows of a cube to be stained. Everything here is plain data. */
export interface StainRowsInput {
  /** The same for all blocks of one cube: what was opened for one block serves the next. */
  readonly cubeKey: string;
  /** The same for all cubes on one axis: what was made ready of the model serves them all. */
  readonly modelKey: string;
  readonly model: Model;
  /** The model's steps, with a resampling in front where the cube has another axis. */
  readonly steps: readonly Step[];
  readonly file: string;
  readonly layout: LayoutOptions;
  /** The cube as the main thread has opened it, when it can be read without the library. */
  readonly source?: CubeSource;
  readonly row: number;
  readonly rows: number;
  /** Labels and mask of these rows, where the cube has them: a byte a pixel. */
  readonly labels?: Uint8Array;
  readonly mask?: Uint8Array;
  /** What is read at a time. */
  readonly tile: Tile;
  /** Every how many pixels, along and across, a pixel of the chemical pictures is taken; 0 when none are wanted. */
  readonly thin: number;
  /** Missing when the rows are to come back as they are, because the map is smoothed before it is written. */
  readonly packing?: Packing;
}

/** A rectangle of pixels by its size. */
export interface Tile {
  readonly rows: number;
  readonly cols: number;
}

/** Some rows of a stain as they are; arrays as in `StainMap`. */
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

/** What a worker keeps of a cube between its blocks. */
interface OpenCube {
  readonly key: string;
  readonly reader: Pick<CubeReader, "cube" | "read" | "close">;
  readonly chemical: Chemical;
}

/** What a worker keeps of a model, and the room for the spectra of a block. */
interface Bench {
  readonly key: string;
  readonly values: Float32Array;
  readonly classify: Classify;
  readonly unshuffle: Unshuffle;
}

type Chemical = (values: Float32Array, pixel: number, out: Float32Array, at: number, stride: number) => void;

let cube: OpenCube | undefined;
let bench: Bench | undefined;

/** Read rows of a cube and stain them: correct, normalise, reduce, classify, decide. */
export async function stainRows(input: StainRowsInput): Promise<PackedRows | StainedRows> {
  cube = cube?.key === input.cubeKey ? cube : await openForStain(input, cube);
  try {
    return stainWith(cube, input);
  } catch (thrown) {
    if (!(thrown instanceof NotPlain)) throw thrown;
    cube = await openForStain({ ...input, source: undefined }, cube);
    return stainWith(cube, input);
  }
}

function stainWith(cube: OpenCube, input: StainRowsInput): PackedRows | StainedRows {
  const { model, row, rows, labels, mask, tile, thin, packing } = input;
  const { reader, chemical } = cube;
  const { cols, axis } = reader.cube;
  const bands = axis.wavenumbers.length;
  const room = Math.min(tile.rows, rows) * tile.cols * bands;
  bench = bench?.key === input.modelKey && bench.values.length >= room ? bench : setUp(input, axis.wavenumbers, room);
  const { values, classify } = bench;

  const count = rows * cols;
  const classCount = model.labels.length;
  const rejected = new Uint8Array(count);
  const classes = new Uint8Array(count);
  const probabilities = new Float32Array(count * classCount);
  const planes = openPlanes(input, cols);
  if (mask) for (let i = 0; i < count; i++) if (!mask[i]) rejected[i] = MASKED;
  for (const region of tiles(row, rows, cols, tile)) {
    reader.read(region, values);
    classify(values, region, { first: (region.row - row) * cols + region.col, stride: cols }, rejected, probabilities);
    if (thin) planes.add(values, region, chemical);
  }
  decide(probabilities, count, model.labels, model.pipeline.stain.threshold, rejected, classes);
  const stained = { row, rows, classes, probabilities, rejected, chemical: planes.values };
  return packing ? packRows(stained, reader.cube, model, labels, packing) : stained;
}

async function openForStain(input: StainRowsInput, before: OpenCube | undefined): Promise<OpenCube> {
  before?.reader.close();
  cube = undefined;
  const reader = input.source
    ? openSource(input.source, (...arrays) => bench?.unshuffle(...arrays) ?? false)
    : await openCube(input.file, input.layout);
  return { key: input.cubeKey, reader, chemical: prepareChemical(reader.cube.axis.wavenumbers) };
}

function setUp({ modelKey, model, steps }: StainRowsInput, wavenumbers: Float64Array, room: number): Bench {
  // The room of the model before goes with its kernels.
  bench = undefined;
  const kernels = simdKernels();
  const classify = prepareClassify(steps, wavenumbers, model, kernels);
  return { key: modelKey, values: kernels.float32(room), classify, unshuffle: prepareUnshuffle(kernels) };
}

/** The kernel for chunks that go straight into the room. */
function prepareUnshuffle(kernels: Kernels): Unshuffle {
  let chunk = kernels.uint8(0);
  return (planes, out) => {
    // Only the room is shared memory.
    if (!(out.buffer instanceof SharedArrayBuffer)) return false;
    if (chunk.length < planes.length) chunk = kernels.uint8(planes.length);
    chunk.set(planes);
    kernels.unshuffle(chunk, planes.length / 4, out);
    return true;
  };
}

/** The tiles that some rows of an image touch, cut to the rows; tiles lie on a grid over the image, as chunks do. */
function* tiles(row: number, rows: number, cols: number, tile: Tile): Generator<Required<Region>> {
  for (let top = row; top < row + rows; ) {
    const height = Math.min(tile.rows - (top % tile.rows), row + rows - top);
    for (let col = 0; col < cols; col += tile.cols) {
      yield { row: top, rows: height, col, cols: Math.min(tile.cols, cols - col) };
    }
    top += height;
  }
}

/** Gather the chemical pictures of every `thin`-th pixel of the rows of a job. */
function openPlanes({ row, rows, thin }: StainRowsInput, cols: number) {
  const width = thin && Math.ceil(cols / thin);
  const first = thin && Math.ceil(row / thin);
  const height = thin && Math.ceil((row + rows) / thin) - first;
  const values = new Float32Array(4 * width * height);
  return {
    values,
    add(spectra: Float32Array, region: Required<Region>, chemical: Chemical) {
      for (let y = Math.ceil(region.row / thin); y * thin < region.row + region.rows; y++) {
        for (let x = Math.ceil(region.col / thin); x * thin < region.col + region.cols; x++) {
          const pixel = (y * thin - region.row) * region.cols + x * thin - region.col;
          chemical(spectra, pixel, values, (y - first) * width + x, width * height);
        }
      }
    },
  };
}
