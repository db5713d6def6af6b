import { createHash } from "node:crypto";
import { join } from "node:path";
import type { CohortRow } from "../cube/cohort.js";
import type { Cube } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import type { StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";
import type { ReadyChunk } from "../hdf5/attach-chunks.js";
import { type CubeReader, type LayoutOptions, openCube } from "../read/open-cube.js";
import { isFiltered, planReading, readingMemory } from "../read/plan-reading.js";
import { compositeBands } from "../stain/chemical.js";
import { compositionOf, mergeComposition, openComposition } from "../stain/composition.js";
import { robustRange } from "../stain/robust-range.js";
import { type StainHeader, stripRows, writeStainFile } from "../stain/write-stain.js";
import { alignedSteps } from "./align.js";
import { type Crew, inOrder } from "./crew.js";
import { openOverview } from "./overview.js";
import { type PackedRows, packRows } from "./pack-rows.js";
import { type Pictures, paintPictures } from "./paint-pictures.js";
import type { RunOptions } from "./progress.js";
import { openRowsLog, type RowsLog } from "./rows-log.js";
import { finishScores, type LabelScores } from "./score-labels.js";
import { share } from "./share.js";
import { smoothBlocks } from "./smooth-blocks.js";
import type { StainedRows, StainRowsInput } from "./stain-rows.js";
import { version } from "./version.js";

export interface StainCubeOptions extends RunOptions {
  readonly layout: LayoutOptions;
  /** How probabilities are stored; uint8 is scaled by 255. */
  readonly probabilities: "uint8" | "float32";
  /** Identifies cube, model and how the stain is written; what an earlier run has left under it is gone on with. */
  readonly key: string;
  /** A hash of the model, written into the stain file. */
  readonly modelKey: string;
  readonly stamps: readonly string[];
  readonly pictures: Pictures;
  /** Bytes that all threads together may take. */
  readonly memory: number;
}

/** Maps wider or higher than this are thinned for the pictures. */
const PICTURE = 1200;

/**
 * Stain one cube: blocks of rows go to the crew and come back counted and deflated, in order, into a log on the disk; when it is
 * complete the map, the pictures and the polygons are written from it, each under a temporary name and renamed at the end.
 * A run that was killed goes on behind the last row of its log. `passOn` is called when the last block is handed out, so that the
 * next cube can keep the crew busy.
 * Held in memory: with pictures a byte a pixel for the polygons; with smoothing the whole map.
 */
export async function stainCube(
  row: CohortRow,
  model: Model,
  folder: string,
  crew: Crew,
  options: StainCubeOptions,
  passOn: () => void,
): Promise<StainFinding> {
  const started = performance.now();
  const reader = await openCube(row.path, options.layout);
  try {
    const plan = planStain(reader, row, model, crew, options);
    for (const remark of plan.remarks) options.onRemark?.(remark);
    const log = openRowsLog<PackedRows | StainedRows>(folder, row.name, options.key);
    try {
      await stainToLog(log, reader.cube, row, plan, crew, options, passOn);
      crew.signal?.throwIfAborted();
      const finding = await finishStain(log, reader, row, model, folder, crew, plan, options);
      log.remove();
      return { ...finding, seconds: (performance.now() - started) / 1000 };
    } catch (thrown) {
      // A cube that cannot be read is not gone on with; whatever else stopped the run, its finished rows are kept.
      const kept = !(thrown instanceof SpectraError) || ["disk", "cancelled", "worker"].includes(thrown.kind);
      if (kept) log.close();
      else log.remove();
      throw thrown;
    }
  } finally {
    reader.close();
  }
}

/** What is the same for all blocks of a cube, and how high they are. */
interface StainPlan {
  readonly job: Omit<StainRowsInput, "row" | "rows">;
  readonly rowsPerJob: number;
  /** What is worth knowing before it begins. */
  readonly remarks: readonly string[];
}

function planStain(reader: CubeReader, row: CohortRow, model: Model, crew: Crew, options: StainCubeOptions): StainPlan {
  const { rows, cols, axis } = reader.cube;
  const { steps, resampled } = alignedSteps(model.pipeline.steps, axis.wavenumbers, model.wavenumbers, row.path);
  const drawing = options.pictures !== "none";
  const smoothed = model.pipeline.stain.smoothing !== "none";
  // The smoothing looks at the amide I picture even when none is drawn.
  const thin = drawing || smoothed ? Math.ceil(Math.max(rows, cols) / PICTURE) : 0;
  const packing = { probabilities: options.probabilities, drawn: drawing ? thin : 0 };
  const { facts } = reader;
  const reading = facts && planReading(facts, readingMemory(options.memory, crew.size));
  const tile = { rows: reading?.rows ?? reader.rowsPerBlock, cols: reading?.cols ?? cols };
  const source = reader.source?.();
  const axisKey = createHash("sha256").update(Float64Array.from(axis.wavenumbers)).digest("hex");
  return {
    job: {
      cubeKey: options.key,
      modelKey: `${options.modelKey} ${axisKey}`,
      model,
      steps,
      file: row.path,
      layout: options.layout,
      source: source && share(source),
      tile,
      thin,
      packing: smoothed ? undefined : packing,
    },
    rowsPerJob: jobHeight(
      rows,
      stripRows({ rows, cols, ...model, ...packing }),
      tile.rows,
      facts !== undefined && isFiltered(facts.dataset),
      crew,
    ),
    remarks: [
      ...(resampled ? [`${row.path}: resampled to the axis of the model`] : []),
      ...(reading?.advice ? [`${row.path}: ${reading.advice}`] : []),
    ],
  };
}

/**
 * Image rows of a job: whole strips of the map, some jobs for every hand. Where chunks are inflated it is whole tiles as well, so that
 * none is inflated for two jobs, as long as there is a job for every hand.
 */
function jobHeight(rows: number, strip: number, tile: number, filtered: boolean, { size }: Crew): number {
  const whole = (height: number) => Math.ceil(height / strip) * strip;
  if (!filtered) return Math.min(whole(rows / size / 4), whole(tile));
  let both = whole(tile);
  while (both % tile && both < rows / size) both += strip;
  return both % tile ? whole(tile) : both;
}

/** Have the rows that are missing in the log stained. */
async function stainToLog(
  log: RowsLog<PackedRows | StainedRows>,
  { rows, cols, axis }: Cube,
  { name }: CohortRow,
  { job, rowsPerJob }: StainPlan,
  crew: Crew,
  { onProgress, onRemark }: StainCubeOptions,
  passOn: () => void,
): Promise<void> {
  if (log.done) onRemark?.(`${name}: ${log.done} of ${rows} rows were done before`);
  const progress = (done: number) => {
    const bytesEach = axis.wavenumbers.length * 4;
    onProgress?.({ stage: `stain ${name}`, done: done * cols, total: rows * cols, unit: "spectra", bytesEach });
  };
  progress(log.done);
  function* jobs(): Generator<StainRowsInput> {
    for (let row = log.done; row < rows; row += rowsPerJob) {
      yield { ...job, row, rows: Math.min(rowsPerJob, rows - row) };
    }
    passOn();
  }
  await inOrder(crew, "stainRows", jobs(), (block) => {
    log.append(block);
    progress(block.row + block.rows);
  });
}

/** Write the map, the pictures and the polygons of a cube whose log is complete. */
async function finishStain(
  log: RowsLog<PackedRows | StainedRows>,
  reader: CubeReader,
  row: CohortRow,
  model: Model,
  folder: string,
  crew: Crew,
  { job }: StainPlan,
  options: StainCubeOptions,
): Promise<Omit<StainFinding, "seconds">> {
  const { cube } = reader;
  const { rows, cols } = cube;
  const { probabilities, pictures, stamps } = options;
  const drawn = pictures === "none" ? 0 : job.thin;
  const labels = reader.labels();
  const counts = openComposition(model.classNames, model.labels);
  const overview = drawn ? openOverview(cube, model, drawn) : undefined;
  const classes = new Uint8Array(drawn ? rows * cols : 0);
  const scores: LabelScores[] = [];

  function* packed(): Generator<PackedRows> {
    if (job.packing) yield* log.records() as Generator<PackedRows>;
    else {
      const blocks = [...(log.records() as Generator<StainedRows>)];
      for (const block of smoothBlocks(blocks, cube, model, job.thin)) {
        yield packRows(block, cube, model, labels, { probabilities, drawn });
      }
    }
  }
  function* chunks(): Generator<ReadyChunk> {
    for (const part of packed()) {
      yield* part.chunks;
      mergeComposition(counts, part.counts);
      if (part.scores) scores.push(part.scores);
      if (part.classes) classes.set(part.classes, part.row * cols);
      if (part.thinned) overview?.add(part.thinned);
    }
  }
  const header = headerOf(cube, row, model, options);
  await writeStainFile(join(folder, `${row.name}.stain.h5`), header, chunks);

  const composition = compositionOf(counts, model.palette, cube.pixelSizeUm);
  const whole = { rows, cols, classNames: model.classNames, labels: model.labels, classes };
  const subject = { cube, row, model, folder, whole, composition, labels, stamps, pictures };
  const seen = overview?.finish();
  const painted = seen ? await paintPictures({ ...subject, overview: seen }, crew) : {};
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
    pictures: painted,
    ...(seen && painted.amideI && { amideIRange: robustRange(seen.chemical[0]) }),
    compositeBands: compositeBands.map(({ channel, wavenumber, shows }) => `${channel}: ${wavenumber} cm⁻¹, ${shows}`),
    composition: composition.rows,
    rejected: composition.byReason,
    scores: finishScores(scores, model),
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
