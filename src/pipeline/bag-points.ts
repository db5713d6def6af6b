import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { Bag } from "../cube/bag.js";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import type { Pipeline } from "../cube/model.js";
import { writeBag } from "../diagnose/bag-file.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { type BagsMade, bagFile, writeIndex } from "./bag-cohort.js";
import { gatherCube } from "./gather-cube.js";
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
  options: RunOptions & { readonly layout?: LayoutOptions } = {},
): Promise<BagsMade> {
  mkdirSync(folder, { recursive: true });
  const bags: Bag[] = [];
  for (const [done, row] of cohort.rows.entries()) {
    options.signal?.throwIfAborted();
    const bag = await pointsOf(row, pipeline, options.layout ?? {});
    if (bags.length && bag.patches.wavenumbers.join() !== bags[0].patches.wavenumbers.join()) {
      throw new SpectraError("axis", row.path, `${row.path} has another axis than ${bags[0].file}; resample it first`);
    }
    const key = createHash("sha256")
      .update(JSON.stringify([version, pipeline, row]))
      .digest("hex");
    await writeBag(bagFile(folder, bag.name), bag, key);
    bags.push(bag);
    options.onProgress?.({ stage: "gather spectra", done: done + 1, total: cohort.rows.length, unit: "cubes" });
  }
  writeIndex(folder, bags);
  const made = bags.map(({ name, patches }) => ({ name, file: bagFile(folder, name), patches: patches.count }));
  return { bags: made, failures: [] };
}

async function pointsOf(row: CohortRow, pipeline: Pipeline, layout: LayoutOptions): Promise<Bag> {
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
    name: row.name,
    file: row.path,
    patient: row.patient ?? cube.patient,
    biopsy: row.extra.biopsy || undefined,
    core: row.core ?? cube.core,
    slide: row.slide ?? cube.slide,
    label: row.label ?? cube.classNames?.[label],
    origin: cube.origin,
    geometry: "points",
    rows,
    cols,
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
