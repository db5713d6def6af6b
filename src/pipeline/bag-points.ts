import { createHash } from "node:crypto";
import type { Bag } from "../cube/bag.js";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import { type CubeKey, cubeName } from "../cube/identity.js";
import { makeFolder } from "../cube/make-folder.js";
import type { Pipeline } from "../cube/model.js";
import { writeBag } from "../diagnose/bag-file.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { cubeKey } from "../read/cube-key.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { layoutOfRow } from "../read/row-layout.js";
import { unchanged } from "../read/unchanged.js";
import { type BagsMade, bagFile, checkBags, whence, writeIndex } from "./bag-files.js";
import { eachCube, oneByOne, sorted } from "./each-cube.js";
import { gatherCube } from "./gather-cube.js";
import { keysOf, madeIn } from "./made.js";
import { namedRows } from "./output-names.js";
import { preparePath } from "./path.js";
import type { RunOptions } from "./progress.js";
import { version } from "./version.js";

/**
 * Make bags of point spectra, which have no neighbours: every spectrum that comes through the steps of a pipeline is an instance, its
 * corrected bands are the features. The label is that of the cohort file, else the one class that the spectra of a cube are labelled with.
 */
export async function bagPoints(
  cohort: Cohort,
  pipeline: Pipeline,
  folder: string,
  options: RunOptions & { readonly layout?: LayoutOptions; readonly hash?: boolean } = {},
): Promise<BagsMade> {
  makeFolder(folder);
  const { layout: said = {}, hash = true, signal } = options;
  const bagged = await madeIn(folder, ".bag.h5");
  const known = keysOf(bagged);
  const rows = await namedRows(cohort.rows, bagged, { layout: said, hash, known, signal });
  checkBags(folder, rows);
  let first: Bag | undefined;
  let done = 0;
  const bagOne = async (row: CohortRow): Promise<Bag> => {
    const layout = layoutOfRow(row, said);
    const [cube, bag] = await unchanged([row.path], async () => {
      const cube = await cubeKey(row.path, layout, { hash, known, signal });
      return [cube, await pointsOf(row, pipeline, layout, cube)] as const;
    });
    first ??= bag;
    if (bag.patches.wavenumbers.join() !== first.patches.wavenumbers.join()) {
      throw new SpectraError("axis", row.path, `${row.path} has another axis than ${first.file}; resample it first`);
    }
    const key = createHash("sha256")
      .update(JSON.stringify([version, pipeline, row, cubeName(cube)]))
      .digest("hex");
    await writeBag(bagFile(folder, bag.name), bag, key);
    options.onProgress?.({ stage: "gather spectra", done: ++done, total: cohort.rows.length, unit: "cubes" });
    return bag;
  };
  const fileOf = ({ path }: CohortRow) => path;
  const { results, failures } = sorted(await eachCube(rows, fileOf, oneByOne, bagOne, options), fileOf);
  return writeIndex(folder, results, failures);
}

async function pointsOf(row: CohortRow, pipeline: Pipeline, layout: LayoutOptions, key: CubeKey): Promise<Bag> {
  const reader = await openCube(row.path, layout);
  const { cube } = reader;
  const labels = reader.labels();
  reader.close();
  const { rows, cols } = cube;
  const pixels = Int32Array.from({ length: rows * cols }, (_, pixel) => pixel);
  const found = await gatherCube({ file: row.path, layout, steps: pipeline.steps, pixels });
  const { wavenumbers } = preparePath(pipeline.steps, cube.axis.wavenumbers, simdKernels());
  const count = found.places.length;
  const own = new Set(Array.from(found.places, (place) => labels?.[place] ?? 0).filter((label) => label > 0));
  if (row.label === undefined && own.size > 1) {
    const names = [...own].map((label) => cube.classNames?.[label] ?? label).join(", ");
    throw new SpectraError(
      "labels",
      row.path,
      `${row.path} holds spectra of ${names}; say in the column "label" of the cohort file what the whole of it is`,
    );
  }
  const coords = new Int32Array(2 * count);
  for (const [i, place] of found.places.entries()) {
    coords[2 * i] = place % cols;
    coords[2 * i + 1] = Math.floor(place / cols);
  }
  const [label] = own;
  return {
    ...whence(row, cube, key),
    label: row.label ?? cube.classNames?.[label],
    geometry: "points",
    tissueFraction: 0,
    channels: `spectra, pipeline ${pipeline.name}`,
    modelPatients: [],
    patches: {
      count,
      coords,
      edge: 1,
      stride: 1,
      features: found.values,
      featureNames: Array.from(wavenumbers, (wavenumber) => `${wavenumber.toFixed(1)} cm-1`),
      spectra: found.values,
      wavenumbers,
      tissue: new Float32Array(count).fill(1),
      mix: new Float32Array(),
      classNames: [],
    },
  };
}
