import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CohortRow } from "../cube/cohort.js";
import type { Cube } from "../cube/cube.js";
import type { StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";
import { createHdf5 } from "../hdf5/create.js";
import { type CubeReader, type LayoutOptions, openCube } from "../read/open-cube.js";
import { compositeBands } from "../stain/chemical.js";
import { addToComposition, compositionOf, openComposition } from "../stain/composition.js";
import { robustRange } from "../stain/robust-range.js";
import { openStainWriter, type StainHeader } from "../stain/write-stain.js";
import { alignedSteps } from "./align.js";
import { type Crew, inOrder } from "./crew.js";
import { openOverview } from "./overview.js";
import { type Pictures, paintPictures } from "./paint-pictures.js";
import type { RunOptions } from "./progress.js";
import { scoreLabels } from "./score-labels.js";
import { smoothBlocks } from "./smooth-blocks.js";
import type { StainedRows, StainRowsInput } from "./stain-rows.js";
import { version } from "./version.js";

export interface StainCubeOptions extends RunOptions {
  readonly layout: LayoutOptions;
  /** How probabilities are stored; uint8 is scaled by 255. */
  readonly probabilities: "uint8" | "float32";
  /** Identifies cube and model together; a worker keeps what it made ready under this name. */
  readonly key: string;
  /** A hash of the model, written into the stain file. */
  readonly modelKey: string;
  readonly stamps: readonly string[];
  readonly pictures: Pictures;
}

/** Maps wider or higher than this are thinned for the pictures. */
const PICTURE = 1200;

/**
 * Stain one cube: blocks of rows go to the crew, classes and probabilities come back in order and are written as they come.
 * Everything is written under temporary names and renamed at the end.
 * Held in memory a pixel: a byte of class and a byte of reason; with smoothing also the probabilities of the whole map.
 */
export async function stainCube(
  row: CohortRow,
  model: Model,
  folder: string,
  crew: Crew,
  options: StainCubeOptions,
): Promise<StainFinding> {
  const reader = await openCube(row.path, options.layout);
  try {
    return await stainOpened(reader, row, model, folder, crew, options);
  } finally {
    reader.close();
  }
}

async function stainOpened(
  reader: CubeReader,
  row: CohortRow,
  model: Model,
  folder: string,
  crew: Crew,
  options: StainCubeOptions,
): Promise<StainFinding> {
  const started = performance.now();
  const { cube } = reader;
  const { rows, cols, axis } = cube;
  const aligned = alignedSteps(model.pipeline.steps, axis.wavenumbers, model.wavenumbers, row.path);
  if (aligned.resampled) options.onRemark?.(`${row.path}: resampled to the axis of the model`);
  const { smoothing } = model.pipeline.stain;
  const drawing = options.pictures !== "none";
  // The smoothing looks at the amide I picture even when none is drawn.
  const thin = drawing || smoothing !== "none" ? Math.ceil(Math.max(rows, cols) / PICTURE) : 0;
  const height = Math.min(reader.rowsPerBlock, Math.ceil(rows / crew.size));
  const jobs = Array.from(
    { length: Math.ceil(rows / height) },
    (_, i): StainRowsInput => ({
      key: options.key,
      model,
      steps: aligned.steps,
      file: row.path,
      layout: options.layout,
      row: i * height,
      rows: Math.min(height, rows - i * height),
      thin,
    }),
  );

  mkdirSync(folder, { recursive: true });
  const counts = openComposition(model.classNames, model.labels);
  const overview = drawing ? openOverview(cube, model, thin) : undefined;
  const labels = reader.labels();
  const scores = labels ? scoreLabels(labels, cube.classNames ?? [], model) : undefined;
  const classes = new Uint8Array(rows * cols);
  await createHdf5(join(folder, `${row.name}.stain.h5`), async (file) => {
    const writer = openStainWriter(file, headerOf(cube, row, model, options));
    const use = (block: StainedRows) => {
      writer.place(block.row, block.rows, block.classes, block.probabilities, block.rejected);
      addToComposition(counts, block.classes, block.probabilities, block.rejected);
      scores?.add(block.row * cols, block.probabilities, block.rejected, block.classes);
      overview?.add(block);
      classes.set(block.classes, block.row * cols);
    };
    const held: StainedRows[] = [];
    await inOrder(crew, "stainRows", jobs, (block) => {
      if (smoothing === "none") use(block);
      else held.push(block);
      options.onProgress?.({
        stage: `stain ${row.name}`,
        done: (block.row + block.rows) * cols,
        total: rows * cols,
        unit: "spectra",
      });
    });
    if (smoothing !== "none") for (const block of smoothBlocks(held, cube, model, thin)) use(block);
  });

  const composition = compositionOf(counts, model.palette, cube.pixelSizeUm);
  const whole = { rows, cols, classNames: model.classNames, labels: model.labels, classes };
  const subject = { cube, row, model, folder, whole, composition, labels, ...options };
  const seen = overview?.finish();
  const pictures = seen ? await paintPictures({ ...subject, overview: seen }, crew) : {};
  return {
    name: row.name,
    file: row.path,
    rows,
    cols,
    pixelSizeUm: cube.pixelSizeUm,
    patient: row.patient ?? cube.patient,
    core: row.core ?? cube.core,
    mode: row.mode ?? cube.mode,
    origin: cube.origin,
    pictures,
    ...(seen && pictures.amideI && { amideIRange: robustRange(seen.chemical[0]) }),
    compositeBands: compositeBands.map(({ channel, wavenumber, shows }) => `${channel}: ${wavenumber} cm⁻¹, ${shows}`),
    composition: composition.rows,
    rejected: composition.byReason,
    scores: scores?.finish(),
    seconds: (performance.now() - started) / 1000,
  };
}

function headerOf(cube: Cube, row: CohortRow, model: Model, options: StainCubeOptions): StainHeader {
  return {
    rows: cube.rows,
    cols: cube.cols,
    classNames: ["unclassified", ...model.classNames.slice(1)],
    labels: model.labels,
    probabilities: options.probabilities,
    source: row.path,
    origin: cube.origin,
    pixelSizeUm: cube.pixelSizeUm,
    patient: row.patient ?? cube.patient,
    core: row.core ?? cube.core,
    slide: row.slide ?? cube.slide,
    mode: row.mode ?? cube.mode,
    model: options.modelKey,
    pipeline: model.pipeline,
    version,
    stamps: options.stamps,
  };
}
