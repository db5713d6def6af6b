import type { Model } from "../cube/model.js";
import { reasonCode } from "../cube/rejected.js";
import type { Step } from "../cube/step.js";
import { describePatch, featureNames, patchRoom, type Strip } from "../diagnose/patch-features.js";
import { patchImage } from "../diagnose/patch-image.js";
import { prepareSrs3, srs3Names } from "../diagnose/srs3.js";
import { openHdf5 } from "../hdf5/open.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { prepareProjection } from "../reduce/project.js";
import { BLOCK, preparePath } from "./path.js";

/** What the pixels of a patch show, where a network looks at them. */
export type Channels = "scores" | "probabilities" | "srs3";

/** Patches of some rows of a cube to be described. Everything here is plain data. */
export interface BagRowsInput {
  readonly file: string;
  readonly layout: LayoutOptions;
  readonly model: Model;
  /** The model's steps, with a resampling in front where the cube has another axis. */
  readonly steps: readonly Step[];
  /** The map of the same cube. */
  readonly stain: string;
  readonly row: number;
  readonly rows: number;
  /** Patches, then windows: where they begin, and how large they are. */
  readonly grids: readonly {
    readonly edge: number;
    readonly tops: readonly number[];
    readonly lefts: readonly number[];
    /** Whether the mean spectrum is wanted too. */
    readonly spectra: boolean;
  }[];
  /** Patches with less tissue are left out. */
  readonly tissueFraction: number;
  readonly components: number;
  /** Edge of the pictures of patches, and what they show; 0 for none. */
  readonly pixels: number;
  readonly channels: Channels;
}

/** Described patches; arrays as in `Patches`. */
export interface BaggedRows {
  readonly count: number;
  readonly coords: Int32Array;
  readonly features: Float32Array;
  readonly spectra: Float32Array;
  readonly tissue: Float32Array;
  readonly mix: Float32Array;
  readonly images: Float32Array;
}

/** Scores that are shown as channels of pixels. */
const SHOWN = 8;

/** The names of the channels that pictures of patches have. */
export function channelNames(channels: Channels, classNames: readonly string[], components: number): string[] {
  if (channels === "srs3") return [...srs3Names];
  if (channels === "probabilities") return classNames.map((name) => `probability ${name}`);
  return Array.from({ length: Math.min(SHOWN, components) }, (_, c) => `PC${c + 1}`);
}

const UNCLASSIFIED = reasonCode("unclassified");

/**
 * Read rows of a cube and of its stain, and describe the patches that lie in them. Pixels that the stain or the steps rejected are no tissue.
 * Nothing is held but the rows of the job: their scores, classes and probabilities.
 */
export async function bagRows(input: BagRowsInput): Promise<BaggedRows[]> {
  const { model, grids, components, row, rows } = input;
  const reader = await openCube(input.file, input.layout);
  try {
    const { cols, axis } = reader.cube;
    const classCount = model.labels.length;
    const strip = { rows, cols, classCount, components, ...(await readStained(input, cols)) };
    const names = model.labels.length ? Array.from(model.labels, (label) => model.classNames[label]) : [];
    const shown = input.pixels ? channelNames(input.channels, names, components).length : 0;
    const raw = input.pixels > 0 && input.channels === "srs3" ? prepareSrs3(axis.wavenumbers) : undefined;
    const picture = raw ? new Float32Array(rows * cols * shown) : undefined;

    const kernels = simdKernels();
    const path = preparePath(input.steps, axis.wavenumbers, kernels);
    const project = prepareProjection(model.pca, kernels);
    const bands = axis.wavenumbers.length;
    const outBands = path.wavenumbers.length;
    const sums = grids.map((grid) => (grid.spectra ? spectrumSums(grid, row, rows, cols, outBands) : undefined));
    const height = Math.max(1, Math.min(reader.rowsPerBlock, rows));
    const tile = kernels.float32(height * cols * bands);
    const scored = kernels.float32(BLOCK * model.pca.components);
    const squares = kernels.float64(BLOCK);
    const through = new Uint8Array(rows * cols);
    const scores = new Float32Array(rows * cols * components);
    const codes = new Uint8Array(BLOCK);
    for (let top = 0; top < rows; top += height) {
      const now = Math.min(height, rows - top);
      reader.read({ row: row + top, rows: now }, tile.subarray(0, now * cols * bands));
      if (raw) for (let i = 0; i < now * cols; i++) raw(tile, i * bands, picture!, (top * cols + i) * shown);
      for (let start = 0; start < now * cols; start += BLOCK) {
        const count = Math.min(BLOCK, now * cols - start);
        const first = top * cols + start;
        for (let i = 0; i < count; i++) codes[i] = 0;
        const found = path.run(tile.subarray(start * bands, (start + count) * bands), count, codes);
        project(found.values, found.kept, scored, squares);
        for (let i = 0; i < found.kept; i++) {
          const pixel = first + found.pixels[i];
          if (!strip.kept[pixel]) continue;
          through[pixel] = 1;
          for (let c = 0; c < components; c++) {
            scores[pixel * components + c] = scored[i * model.pca.components + c];
          }
          for (const sum of sums) sum?.add(pixel, found.values, i * outBands);
        }
      }
    }
    const all: Strip = { ...strip, kept: through, scores };
    const values = picture ?? (input.channels === "probabilities" ? strip.probabilities : firstScores(all, shown));
    return grids.map((grid, g) => describeGrid(input, grid, all, values, shown, sums[g], names));
  } finally {
    reader.close();
  }
}

function describeGrid(
  { tissueFraction, pixels, row }: BagRowsInput,
  grid: BagRowsInput["grids"][number],
  strip: Strip,
  channels: Float32Array,
  channelCount: number,
  sums: SpectrumSums | undefined,
  classNames: readonly string[],
): BaggedRows {
  const { edge, tops, lefts } = grid;
  const most = tops.length * lefts.length;
  const width = featureNames(classNames, strip.components).length;
  const length = pixels * pixels * channelCount;
  const { classCount } = strip;
  const out = {
    coords: new Int32Array(2 * most),
    features: new Float32Array(most * width),
    spectra: new Float32Array(sums ? most * sums.bands : 0),
    tissue: new Float32Array(most),
    mix: new Float32Array(most * classCount),
    images: new Float32Array(most * length),
  };
  const room = patchRoom(classCount, strip.components);
  let count = 0;
  for (const [i, top] of tops.entries()) {
    for (const [j, left] of lefts.entries()) {
      const counts = describePatch(strip, top - row, left, edge, out.features, count * width, room);
      const share = counts.kept / (edge * edge);
      if (share < tissueFraction || (tissueFraction > 0 && counts.kept === 0)) continue;
      out.coords[2 * count] = left;
      out.coords[2 * count + 1] = top;
      out.tissue[count] = share;
      const classified = counts.classes.reduce((sum, n) => sum + n, 0);
      for (let k = 0; k < classCount; k++) {
        out.mix[count * classCount + k] = classified ? counts.classes[k] / classified : 0;
      }
      sums?.mean(i * lefts.length + j, counts.kept, out.spectra, count * sums.bands);
      if (length) {
        const { kept, cols } = strip;
        patchImage(channels, channelCount, kept, cols, top - row, left, edge, pixels, out.images, count * length);
      }
      count++;
    }
  }
  return {
    count,
    coords: out.coords.slice(0, 2 * count),
    features: out.features.slice(0, count * width),
    spectra: out.spectra.slice(0, sums ? count * sums.bands : 0),
    tissue: out.tissue.slice(0, count),
    mix: out.mix.slice(0, count * classCount),
    images: out.images.slice(0, count * length),
  };
}

/** Rows of the stain: which pixels are tissue, their classes and probabilities. */
async function readStained({ stain, row, rows, model }: BagRowsInput, cols: number) {
  const file = await openHdf5(stain);
  try {
    const classCount = model.labels.length;
    const pixels = rows * cols;
    const plane = (name: string) => {
      const values = new Float32Array(pixels);
      file.readFloat32(name, [row, 0], [rows, cols], values);
      return values;
    };
    const rejected = plane("/rejected");
    const labels = plane("/classes");
    const place = new Map(Array.from(model.labels, (label, k) => [label, k + 1]));
    const kept = new Uint8Array(pixels);
    const classes = new Uint8Array(pixels);
    for (let i = 0; i < pixels; i++) {
      kept[i] = rejected[i] === 0 || rejected[i] === UNCLASSIFIED ? 1 : 0;
      classes[i] = place.get(labels[i]) ?? 0;
    }
    const probabilities = new Float32Array(pixels * classCount);
    file.readFloat32("/probabilities", [row, 0, 0], [rows, cols, classCount], probabilities);
    const scale = Number(file.info("/probabilities").attributes.scale ?? 1);
    for (let i = 0; scale !== 1 && i < probabilities.length; i++) probabilities[i] /= scale;
    return { kept, classes, probabilities };
  } finally {
    file.close();
  }
}

function firstScores({ scores, components, rows, cols }: Strip, shown: number): Float32Array {
  if (shown === components) return scores;
  const values = new Float32Array(rows * cols * shown);
  for (let pixel = 0; pixel < rows * cols; pixel++) {
    for (let c = 0; c < shown; c++) values[pixel * shown + c] = scores[pixel * components + c];
  }
  return values;
}

/** Sums of the corrected spectra of the pixels of each patch of a grid. */
interface SpectrumSums {
  readonly bands: number;
  add(pixel: number, values: Float32Array, from: number): void;
  mean(patch: number, count: number, out: Float32Array, at: number): void;
}

function spectrumSums(
  { edge, tops, lefts }: BagRowsInput["grids"][number],
  row: number,
  rows: number,
  cols: number,
  bands: number,
): SpectrumSums {
  const sums = new Float64Array(tops.length * lefts.length * bands);
  const covering = (starts: readonly number[], at: number) =>
    starts.flatMap((start, i) => (at >= start && at < start + edge ? [i] : []));
  const ofRow = Array.from({ length: rows }, (_, y) => covering(tops, row + y));
  const ofCol = Array.from({ length: cols }, (_, x) => covering(lefts, x));
  return {
    bands,
    add(pixel, values, from) {
      for (const i of ofRow[Math.floor(pixel / cols)]) {
        for (const j of ofCol[pixel % cols]) {
          const to = (i * lefts.length + j) * bands;
          for (let band = 0; band < bands; band++) sums[to + band] += values[from + band];
        }
      }
    },
    mean(patch, count, out, at) {
      for (let band = 0; band < bands; band++) out[at + band] = count ? sums[patch * bands + band] / count : 0;
    },
  };
}
