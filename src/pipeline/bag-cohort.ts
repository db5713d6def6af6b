import { createHash } from "node:crypto";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { csvFormatRows } from "d3-dsv";
import type { Bag, Patches } from "../cube/bag.js";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Model } from "../cube/model.js";
import { writeFileSafely } from "../cube/write-file.js";
import { bagKey, readBag, writeBag } from "../diagnose/bag-file.js";
import { encodeOnnx } from "../diagnose/encode-onnx.js";
import { gridPatches, type PatchGrid, pixelsOf } from "../diagnose/grid-patches.js";
import { featureNames } from "../diagnose/patch-features.js";
import { openHdf5 } from "../hdf5/open.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { alignedSteps } from "./align.js";
import { type BaggedRows, type BagRowsInput, type Channels, channelNames } from "./bag-rows.js";
import { type Crew, inOrder, withCrew } from "./crew.js";
import { planSteps } from "./plan.js";
import type { RunOptions } from "./progress.js";
import { share } from "./share.js";
import { version } from "./version.js";

export interface BagOptions extends RunOptions {
  readonly layout?: LayoutOptions;
  /** Edge of a patch in µm; 160 if not given. */
  readonly patchUm?: number;
  /** From a patch to the next in µm; the edge if not given. */
  readonly strideUm?: number;
  /** Patches with a smaller share of tissue are left out; 0.1 if not given, 0 keeps all. */
  readonly tissueFraction?: number;
  /** From a window of the maps to the next in µm; a third of the edge if not given, 0 for no windows. */
  readonly windowUm?: number;
  /** Edge of the pictures of patches that are kept for networks over pixels; 0, none, if not given. */
  readonly pixels?: number;
  readonly channels?: Channels;
  /** A network in ONNX that embeds the pictures: its embeddings stand in the place of the features. */
  readonly onnx?: string;
  /** Make bags that are finished already, too. */
  readonly again?: boolean;
}

/** Scores that features are made of, at the most. */
const COMPONENTS = 16;

export interface BagsMade {
  readonly bags: readonly { readonly name: string; readonly file: string; readonly patches: number }[];
  readonly failures: readonly { readonly file: string; readonly error: string }[];
}

/**
 * Cut every cube of a cohort into patches and keep what describes them, NAME.bag.h5 in the folder and a line in bags.csv. A cube that fails is
 * listed and the others go on; a bag that an earlier run has finished with the same model, options and files is kept.
 */
export async function bagCohort(
  cohort: Cohort,
  model: Model,
  stainFolder: string,
  folder: string,
  options: BagOptions = {},
): Promise<BagsMade> {
  if (options.onnx !== undefined && !options.pixels) {
    const message = `the network ${options.onnx} embeds pictures of patches; say their edge with --pixels`;
    throw new SpectraError("params", "bags", message);
  }
  mkdirSync(folder, { recursive: true });
  const shared = share(model);
  const known = new Set(model.provenance.inputs.flatMap(({ patient }) => patient ?? []));
  const overlap = cohort.rows.filter(({ patient }) => patient !== undefined && known.has(patient));
  if (overlap.length) {
    options.onRemark?.(
      `the stain model was fitted on patients of this cohort (${[...new Set(overlap.map(({ patient }) => patient))].slice(0, 5).join(", ")}); every figure of a diagnosis will say so`,
    );
  }
  const modelKey = keyOf(model);
  const made: { row: CohortRow; bag: Bag }[] = [];
  const failures: { file: string; error: string }[] = [];
  await withCrew(options, async (crew) => {
    let done = 0;
    // As many cubes at a time as there are hands: small ones have one job each.
    const queue = cohort.rows.entries();
    const work = async () => {
      for (const [, row] of queue) {
        options.signal?.throwIfAborted();
        try {
          made.push({ row, bag: await bagCube(row, shared, modelKey, stainFolder, folder, crew, options) });
        } catch (thrown) {
          const fatal = !(thrown instanceof SpectraError) || ["disk", "cancelled"].includes(thrown.kind);
          if (fatal || options.signal?.aborted) throw thrown;
          failures.push({ file: row.path, error: messageOf(thrown) });
          options.onRemark?.(`${row.path} failed: ${messageOf(thrown)}`);
        }
        options.onProgress?.({ stage: "cut patches", done: ++done, total: cohort.rows.length, unit: "cubes" });
      }
    };
    await Promise.all(Array.from({ length: crew.size }, work));
  });
  const inCohort = cohort.rows.flatMap((row) => made.find((of) => of.row === row) ?? []);
  if (!inCohort.length && failures.length) throw new SpectraError("format", failures[0].file, failures[0].error);
  writeIndex(
    folder,
    inCohort.map(({ bag }) => bag),
  );
  return {
    bags: inCohort.map(({ bag }) => ({ name: bag.name, file: bagFile(folder, bag.name), patches: bag.patches.count })),
    failures,
  };
}

export const bagFile = (folder: string, name: string) => join(folder, `${name}.bag.h5`);

/** Write bags.csv: a line a cube. */
export function writeIndex(folder: string, bags: readonly Bag[]): void {
  const header = ["bag", "patient", "biopsy", "core", "slide", "label", "patches"];
  const lines = bags.map((bag) => [
    `${bag.name}.bag.h5`,
    ...[bag.patient, bag.biopsy, bag.core, bag.slide, bag.label].map((value) => value ?? ""),
    String(bag.patches.count),
  ]);
  writeFileSafely(join(folder, "bags.csv"), `${csvFormatRows([header, ...lines])}\n`);
}

async function bagCube(
  row: CohortRow,
  model: Model,
  modelKey: string,
  stainFolder: string,
  folder: string,
  crew: Crew,
  options: BagOptions,
): Promise<Bag> {
  const { patchUm = 160, strideUm = patchUm, tissueFraction = 0.1, windowUm = patchUm / 3 } = options;
  const { layout = {}, pixels = 0, channels = "scores", onnx } = options;
  const stain = join(stainFolder, `${row.name}.stain.h5`);
  if (!existsSync(stain)) {
    throw new SpectraError(
      "missing",
      row.path,
      `${row.path} has no stain map ${stain}; make it with: spectrastain stain MODEL.h5 COHORT.csv --out ${stainFolder}`,
    );
  }
  const path = bagFile(folder, row.name);
  const stamp = (file: string) => {
    const status = statSync(file, { throwIfNoEntry: false });
    return [file, status?.size, status?.mtimeMs];
  };
  const how = [patchUm, strideUm, tissueFraction, windowUm, pixels, channels, layout];
  const said = [version, modelKey, row, stamp(row.path), stamp(stain), how, onnx && stamp(onnx)];
  const key = createHash("sha256").update(JSON.stringify(said)).digest("hex");
  if (!options.again && existsSync(path) && (await bagKey(path)) === key) {
    options.onRemark?.(`${row.name} is finished; --again cuts it anew`);
    return readBag(path);
  }

  const reader = await openCube(row.path, layout);
  const { cube } = reader;
  const rowsPerBlock = reader.rowsPerBlock;
  reader.close();
  const { rows, cols, axis, pixelSizeUm } = cube;
  if (pixelSizeUm === undefined) {
    throw new SpectraError(
      "unit",
      row.path,
      `${row.path} does not say how large its pixels are, so that a patch of ${patchUm} µm cannot be cut; add the attribute pixel_size_um to the file`,
    );
  }
  await checkStain(stain, rows, cols, model);
  const { steps } = alignedSteps(model.pipeline.steps, axis.wavenumbers, model.wavenumbers, row.path);
  const edge = pixelsOf(patchUm, pixelSizeUm, 2);
  const grid = gridPatches(rows, cols, edge, pixelsOf(strideUm, pixelSizeUm, 1), row.path);
  const windows = windowUm ? gridPatches(rows, cols, edge, pixelsOf(windowUm, pixelSizeUm, 1), row.path) : undefined;
  const grids = windows ? [grid, windows] : [grid];
  const components = Math.min(COMPONENTS, model.pca.components);
  const classNames = Array.from(model.labels, (label) => model.classNames[label]);

  const base = { file: row.path, layout, model, steps, stain, tissueFraction, components, pixels, channels };
  const pixelBytes = 4 * (components + 2 * model.labels.length + 4);
  const parts: BaggedRows[][] = [];
  const jobs = jobsOf(base, grids, rows, Math.max(edge, rowsPerBlock, Math.floor(STRIP / (cols * pixelBytes))), crew);
  await inOrder(crew, "bagRows", jobs, (found) => {
    parts.push(found);
  });
  const names = featureNames(classNames, components);
  const shown = channelNames(channels, classNames, components);
  const wavenumbers = planSteps(steps, axis.wavenumbers, twinKernels()).wavenumbers;
  const about = { featureNames: names, classNames, wavenumbers };
  const images = pixels ? { size: pixels, channels: shown.length, channelNames: shown } : undefined;
  const described: Bag = {
    name: row.name,
    file: row.path,
    patient: row.patient ?? cube.patient,
    biopsy: row.extra.biopsy || undefined,
    core: row.core ?? cube.core,
    slide: row.slide ?? cube.slide,
    label: row.label,
    origin: cube.origin,
    geometry: "image",
    rows,
    cols,
    pixelSizeUm,
    patchUm,
    tissueFraction,
    channels: `${model.pipeline.name}, model ${modelKey.slice(0, 12)}${pixels ? `, ${channels} of ${pixels} × ${pixels}` : ""}`,
    modelPatients: [...new Set(model.provenance.inputs.flatMap(({ patient }) => patient ?? []))],
    patches: joined(
      parts.map(([of]) => of),
      grid,
      about,
      images,
    ),
    windows:
      windows &&
      joined(
        parts.map(([, of]) => of),
        windows,
        about,
        images,
      ),
  };
  const bag = onnx === undefined ? described : await embedded(described, onnx);
  if (!bag.patches.count) {
    options.onRemark?.(`${row.name} has no patch with ${tissueFraction * 100} % tissue: it cannot be diagnosed`);
  }
  await writeBag(path, bag, key);
  return bag;
}

/** The same bag with what a network says of the pictures of its patches in the place of their features. */
async function embedded(bag: Bag, onnx: string): Promise<Bag> {
  const by = async (patches: Patches): Promise<Patches> => {
    const { width, features } = await encodeOnnx(onnx, patches.images!);
    return {
      ...patches,
      features,
      featureNames: Array.from({ length: width }, (_, i) => `${basename(onnx)} ${i + 1}`),
    };
  };
  const channels = `${bag.channels}, embedded by ${basename(onnx)}`;
  return { ...bag, channels, patches: await by(bag.patches), windows: bag.windows && (await by(bag.windows)) };
}

/** Bytes of scores, classes and probabilities that a job may hold, beside the spectra that are read at a time. */
const STRIP = 48 << 20;

/** Jobs of some rows of patches each: as many rows of pixels as the memory takes, but a job for every hand where there are so many. */
function* jobsOf(
  base: Omit<BagRowsInput, "row" | "rows" | "grids">,
  grids: readonly PatchGrid[],
  rows: number,
  most: number,
  { size }: Crew,
): Generator<BagRowsInput> {
  const [{ edge, stride }] = grids;
  // A row of patches reaches `edge` pixels down from its first row: that many rows are read for two jobs.
  const height = Math.max(stride, Math.min(most - edge, Math.max(4 * edge, Math.ceil(rows / size / 2))));
  const from = (start: number, tops: readonly number[]) => tops.filter((top) => top >= start && top < start + height);
  for (let start = 0; start < rows; start += height) {
    const own = grids.map((grid, g) => ({
      edge: grid.edge,
      lefts: grid.lefts,
      tops: from(start, grid.tops),
      spectra: g === 0,
    }));
    const tops = own.flatMap((grid) => grid.tops);
    if (!tops.length) continue;
    const row = Math.min(...tops);
    yield { ...base, row, rows: Math.max(...tops) + edge - row, grids: own };
  }
}

function joined(
  parts: readonly BaggedRows[],
  { edge, stride }: PatchGrid,
  about: Pick<Patches, "featureNames" | "classNames" | "wavenumbers">,
  images: { size: number; channels: number; channelNames: string[] } | undefined,
): Patches {
  const floats = (name: "features" | "spectra" | "tissue" | "mix" | "images") => {
    const all = new Float32Array(parts.reduce((sum, part) => sum + part[name].length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part[name], at);
      at += part[name].length;
    }
    return all;
  };
  return {
    ...about,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    edge,
    stride,
    coords: Int32Array.from(parts.flatMap(({ coords }) => [...coords])),
    features: floats("features"),
    spectra: floats("spectra"),
    tissue: floats("tissue"),
    mix: floats("mix"),
    images: images && { ...images, values: floats("images") },
  };
}

async function checkStain(path: string, rows: number, cols: number, model: Model): Promise<void> {
  const file = await openHdf5(path);
  try {
    const { shape } = file.info("/classes");
    const wanted = `[${rows},${cols}]`;
    if (`[${shape}]` !== wanted) {
      throw new SpectraError(
        "shape",
        path,
        `${path} is a map of [${shape}] pixels and the cube has ${wanted}; stain it anew`,
      );
    }
    const labels = [file.info("/probabilities").attributes.labels ?? []].flat().map(Number).join();
    if (labels !== Array.from(model.labels).join()) {
      throw new SpectraError(
        "labels",
        path,
        `${path} was stained with another model: its classes are ${labels} and the model's ${[...model.labels].join()}; stain it anew with this model`,
      );
    }
  } finally {
    file.close();
  }
}

/** A hash over all that decides what a model makes of a spectrum. */
function keyOf({ pipeline, pca, forest, labels }: Model): string {
  const hash = createHash("sha256").update(JSON.stringify([pipeline.steps, pipeline.reduce]));
  for (const array of [pca.mean, pca.loadings, forest.threshold, forest.distributions, labels]) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest("hex");
}
