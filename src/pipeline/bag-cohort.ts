import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Bag, Patches } from "../cube/bag.js";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import { type CubeKey, cubeName, fileHash } from "../cube/identity.js";
import { noteInputs } from "../cube/inputs.js";
import { joinFloats } from "../cube/join-floats.js";
import { makeFolder } from "../cube/make-folder.js";
import type { Model } from "../cube/model.js";
import { bagKey, readBag, writeBag } from "../diagnose/bag-file.js";
import { encodeOnnx } from "../diagnose/encode-onnx.js";
import { gridPatches, type PatchGrid, pixelsOf } from "../diagnose/grid-patches.js";
import { featureNames } from "../diagnose/patch-features.js";
import { openHdf5 } from "../hdf5/open.js";
import { twinKernels } from "../kernels/twin-kernels.js";
import { filesBehind } from "../read/cube-files.js";
import { cubeKey } from "../read/cube-key.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { layoutOfRow } from "../read/row-layout.js";
import { sha256 } from "../read/sha256.js";
import { checkUnchanged, statesOf } from "../read/unchanged.js";
import { stainShape } from "../stain/stain-shape.js";
import { alignedSteps } from "./align.js";
import { type BagsMade, bagFile, checkBags, whence, writeIndex } from "./bag-files.js";
import { type BaggedRows, type BagRowsInput, type Channels, channelNames } from "./bag-rows.js";
import { type Crew, inOrder, withCrew } from "./crew.js";
import { atATime, eachCube, sorted } from "./each-cube.js";
import { findMap } from "./find-map.js";
import { keysOf, type Made, madeIn } from "./made.js";
import { modelKey } from "./model-key.js";
import { namedRows } from "./output-names.js";
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
  /**
   * Know cubes by their content; true if not given. A cube that is untouched since it was stained is not read for it. Otherwise by path,
   * size, time and layout.
   */
  readonly hash?: boolean;
}

/** The maps of a stain, and the model that made them. */
interface Stained {
  readonly folder: string;
  readonly maps: readonly Made[];
  readonly model: string;
}

/** Scores that features are made of, at the most. */
const COMPONENTS = 16;

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
  makeFolder(folder);
  const shared = share(model);
  const known = patientsOf(model);
  const overlap = cohort.rows.filter(({ patient }) => patient !== undefined && known.includes(patient));
  if (overlap.length) {
    options.onRemark?.(
      `the stain model was fitted on patients of this cohort (${[...new Set(overlap.map(({ patient }) => patient))].slice(0, 5).join(", ")}); every figure of a diagnosis will say so`,
    );
  }
  const maps = await madeIn(stainFolder, ".stain.h5");
  const bagged = await madeIn(folder, ".bag.h5");
  const naming = { layout: options.layout ?? {}, hash: options.hash ?? true, signal: options.signal };
  const rows = await namedRows(cohort.rows, bagged, { ...naming, known: [...keysOf(maps), ...keysOf(bagged)] });
  checkBags(folder, rows);
  const stained: Stained = { folder: stainFolder, maps, model: modelKey(model) };
  const fileOf = ({ path }: CohortRow) => path;
  const outcomes = await withCrew(options, (crew) => {
    let finished = 0;
    const bagOne = async (row: CohortRow) => {
      try {
        return await bagCube(row, shared, stained, folder, crew, options);
      } finally {
        options.onProgress?.({ stage: "cut patches", done: ++finished, total: cohort.rows.length, unit: "cubes" });
      }
    };
    // As many cubes at a time as there are hands: small ones have one job each.
    return eachCube(rows, fileOf, atATime(crew.size), bagOne, options);
  });
  const { results, failures } = sorted(outcomes, fileOf);
  return writeIndex(folder, results, failures);
}

async function bagCube(
  row: CohortRow,
  model: Model,
  stained: Stained,
  folder: string,
  crew: Crew,
  options: BagOptions,
): Promise<Bag> {
  const { patchUm = 160, strideUm = patchUm, tissueFraction = 0.1, windowUm = patchUm / 3 } = options;
  const { pixels = 0, channels = "scores", onnx } = options;
  const layout = layoutOfRow(row, options.layout);
  const states = statesOf([row.path]);
  const known = keysOf(stained.maps);
  const cubeIs = await cubeKey(row.path, layout, { hash: options.hash, known, signal: options.signal });
  const { path: file, name, patient } = row;
  const map = findMap(stained.maps, { file, name, patient, cube: cubeIs, model: stained.model });
  if (!map) {
    throw new SpectraError(
      "missing",
      row.path,
      `${row.path} has no stain map in ${stained.folder}; make it with: spectrastain stain MODEL.h5 COHORT.csv --out ${stained.folder}`,
    );
  }
  const stain = map.path;
  states.push(...statesOf([stain]));
  const path = bagFile(folder, row.name);
  const stamp = (file: string) => {
    const status = statSync(file, { throwIfNoEntry: false });
    return [file, status?.size, status?.mtimeMs];
  };
  const how = [patchUm, strideUm, tissueFraction, windowUm, pixels, channels, layout];
  // The map by its content: when it was made makes no difference.
  const said = [version, stained.model, row, cubeName(cubeIs), await sha256(stain), how, onnx && stamp(onnx)];
  const key = createHash("sha256").update(JSON.stringify(said)).digest("hex");
  if (!options.again && existsSync(path) && (await bagKey(path)) === key) {
    options.onRemark?.(`${row.name} is finished; --again cuts it anew`);
    return readBag(path);
  }

  const reader = await openCube(row.path, layout);
  const { cube } = reader;
  const rowsPerBlock = reader.rowsPerBlock;
  states.push(...statesOf(filesBehind(reader.dataset)));
  reader.close();
  const { rows, cols, axis, pixelSizeUm } = cube;
  if (pixelSizeUm === undefined) {
    throw new SpectraError(
      "unit",
      row.path,
      `${row.path} does not say how large its pixels are, so that a patch of ${patchUm} µm cannot be cut; add the attribute pixel_size_um to the file`,
    );
  }
  noteInputs([stain]);
  await checkStain(stain, rows, cols);
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
  const threshold = await thresholdOf(stain);
  const other = threshold === undefined || threshold === model.pipeline.stain.threshold;
  const shownAs = `${model.pipeline.name}, model ${stained.model.slice(0, 12)}${other ? "" : `, threshold ${threshold}`}`;
  const described: Bag = {
    ...whence(row, cube, cubeIs),
    stainModel: stained.model,
    geometry: "image",
    pixelSizeUm,
    patchUm,
    tissueFraction,
    channels: `${shownAs}${pixels ? `, ${channels} of ${pixels} × ${pixels}` : ""}`,
    modelPatients: learnedPatients(model, row.patient ?? cube.patient, cubeIs),
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
  checkUnchanged(states);
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
  const floats = (name: "features" | "spectra" | "tissue" | "mix" | "images") =>
    joinFloats(parts.map((part) => part[name]));
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

async function checkStain(path: string, rows: number, cols: number): Promise<void> {
  const file = await openHdf5(path);
  try {
    const found = stainShape(file);
    const shape = [found.rows, found.cols];
    const wanted = `[${rows},${cols}]`;
    if (`[${shape}]` !== wanted) {
      throw new SpectraError(
        "shape",
        path,
        `${path} is a map of [${shape}] pixels and the cube has ${wanted}; stain it anew`,
      );
    }
  } finally {
    file.close();
  }
}

/** The patients that a model was fitted on. */
function patientsOf({ provenance }: Model): string[] {
  return [...new Set(provenance.inputs.flatMap(({ patient }) => patient ?? []))];
}

/** The same, with the patient of a cube whose file the model was fitted on under another name. */
function learnedPatients(model: Model, patient: string | undefined, cube: CubeKey): string[] {
  const hash = fileHash(cube);
  const twin = hash !== undefined && model.provenance.inputs.some(({ sha256 }) => sha256 === hash);
  return [...new Set([...patientsOf(model), ...(twin && patient !== undefined ? [patient] : [])])];
}

/** The threshold that a map was stained with, which may be another than the model's. */
async function thresholdOf(path: string): Promise<number | undefined> {
  const file = await openHdf5(path);
  try {
    const { threshold } = file.attributes("/");
    return typeof threshold === "number" ? threshold : undefined;
  } finally {
    file.close();
  }
}
