import { createHash } from "node:crypto";
import { join } from "node:path";
import type { CohortRow } from "../cube/cohort.js";
import type { Cube } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import type { PolygonFinding, StainFinding } from "../cube/findings.js";
import { type CubeKey, cubeName, sameCube } from "../cube/identity.js";
import type { Model } from "../cube/model.js";
import { relativePath } from "../cube/relative-path.js";
import type { ReadyChunk } from "../hdf5/attach-chunks.js";
import { filesBehind } from "../read/cube-files.js";
import { type CubeReader, type LayoutOptions, openCube } from "../read/open-cube.js";
import { isFiltered, planReading, readingMemory } from "../read/plan-reading.js";
import { checkUnchanged, type FileState, statesOf } from "../read/unchanged.js";
import { compositeBands } from "../stain/chemical.js";
import { compositionOf, mergeComposition, openComposition } from "../stain/composition.js";
import { robustRange } from "../stain/robust-range.js";
import { type StainHeader, stripRows, writeStainFile } from "../stain/write-stain.js";
import { alignedSteps } from "./align.js";
import { type Crew, inOrder } from "./crew.js";
import { madeAt } from "./made.js";
import { type Overview, openOverview } from "./overview.js";
import { type PackedRows, packRows } from "./pack-rows.js";
import { type Pictures, paintPictures } from "./paint-pictures.js";
import { planPolygons } from "./plan-polygons.js";
import type { RunOptions } from "./progress.js";
import { openRowsLog, type RowsLog } from "./rows-log.js";
import { countKnown, openTally } from "./score-labels.js";
import { share } from "./share.js";
import { openSmoothing } from "./smooth-blocks.js";
import type { StainedRows, StainRowsInput } from "./stain-rows.js";
import { version } from "./version.js";

export interface StainCubeOptions extends RunOptions {
  readonly layout: LayoutOptions;
  /** How probabilities are stored; uint8 is scaled by 255. */
  readonly probabilities: "uint8" | "float32";
  /** Identifies cube, model and how the stain is written; rows that an earlier run has left under it are gone on with. */
  readonly key: string;
  /** The key of the model, written into the stain file. */
  readonly modelKey: string;
  /** The key of the cube, for which its file is hashed while it is stained, and the stamps that follow from it. */
  readonly about: Promise<{ readonly cube: CubeKey; readonly stamps: readonly string[] }>;
  /** How the file was before anything was read of it. */
  readonly states: readonly FileState[];
  readonly pictures: Pictures;
  /** Regions of fewer pixels are left out of the polygons, and counted. */
  readonly minimumRegion: number;
  /** Bytes that all threads together may take. */
  readonly memory: number;
}

/** Pixels of a smoothed map that are deflated at a time, in whole strips. */
const SMOOTHED = 1 << 18;

/** Maps wider or higher than this are thinned for the pictures. */
const PICTURE = 1200;

/**
 * Stain one cube: blocks of rows go to the crew and come back counted and deflated, in order, into a log on the disk; when it is
 * complete the map, the pictures and the polygons are written from it, each under a temporary name and renamed at the end.
 * A run that was killed goes on behind the last row of its log. `passOn` is called when the last block is handed out, so that the
 * next cube can keep the crew busy.
 * Held in memory: while polygons are traced some bytes a pixel; where these are more than the memory, polygons are left out.
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
    const states = [...options.states, ...statesOf(filesBehind(reader.dataset))];
    const plan = planStain(reader, row, model, crew, options);
    for (const remark of plan.remarks) options.onRemark?.(remark);
    const log = openRowsLog<PackedRows | StainedRows>(
      folder,
      row.name,
      `${options.key}${plan.traced ? "" : " without classes"}`,
    );
    try {
      await stainToLog(log, reader, row, plan, crew, options, passOn);
      crew.signal?.throwIfAborted();
      const about = await options.about;
      checkUnchanged(states);
      await checkFree(join(folder, `${row.name}.stain.h5`), row, about.cube);
      const finding = await finishStain(log, reader, row, model, folder, crew, plan, { ...options, ...about });
      log.remove();
      options.onTime?.(`stain ${row.name}`, (performance.now() - started) / 1000);
      return finding;
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
  readonly job: Omit<StainRowsInput, "row" | "rows" | "labels" | "mask">;
  readonly rowsPerJob: number;
  /** Whether polygons are traced. */
  readonly traced: boolean;
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
  const polygons = drawing ? planPolygons(row.name, rows * cols, options.memory, crew.size) : { bytes: 0 };
  const traced = polygons.bytes > 0;
  const packing = { probabilities: options.probabilities, drawn: drawing ? thin : 0, traced };
  const { facts } = reader;
  const reading = facts && planReading(facts, readingMemory(options.memory - polygons.bytes, crew.size));
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
    traced,
    remarks: [
      ...(resampled ? [`${row.path}: resampled to the axis of the model`] : []),
      ...(polygons.remark ? [polygons.remark] : []),
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
  { cube: { rows, cols, axis }, labels, mask }: CubeReader,
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
      const range = { row, rows: Math.min(rowsPerJob, rows - row) };
      yield { ...job, ...range, labels: labels(range), mask: mask(range) };
    }
    passOn();
  }
  await inOrder(crew, "stainRows", jobs(), (block) => {
    log.append(block);
    progress(block.row + block.rows);
  });
}

/** Another run may have finished another cube of this name in the meantime: its map is not written over. */
async function checkFree(map: string, { name, path, patient }: CohortRow, key: CubeKey): Promise<void> {
  const there = await madeAt(map, name);
  if (!there?.cube || sameCube(there.cube, key) || there.source === path) return;
  const whose = there.patient === undefined ? there.source : `${there.source} (patient ${there.patient})`;
  const own = patient === undefined ? path : `${path} (patient ${patient})`;
  const message = `${map} is the map of ${whose}, not of ${own}: it was made meanwhile; run again, and it is kept`;
  throw new SpectraError("format", path, message);
}

/** What is known of a cube when its last row is stained. */
type Known = StainCubeOptions & { readonly cube: CubeKey; readonly stamps: readonly string[] };

/** Write the map, the pictures and the polygons of a cube whose log is complete. */
async function finishStain(
  log: RowsLog<PackedRows | StainedRows>,
  reader: CubeReader,
  row: CohortRow,
  model: Model,
  folder: string,
  crew: Crew,
  { job, traced }: StainPlan,
  options: Known,
): Promise<StainFinding> {
  const { cube } = reader;
  const { rows, cols } = cube;
  const { probabilities, pictures, minimumRegion, stamps } = options;
  const drawn = pictures === "none" ? 0 : job.thin;
  const counts = openComposition(model.classNames, model.labels);
  const overview = drawn ? openOverview(cube, model, drawn) : undefined;
  const classes = traced ? new Uint8Array(rows * cols) : undefined;
  const labelCounts = reader.labelCounts();
  const tally = openTally(model, labelCounts ? countKnown(labelCounts, cube.classNames ?? [], model) : 0);

  const smoothed = job.packing
    ? undefined
    : openSmoothing(() => log.records() as Generator<StainedRows>, cube, model, job.thin);
  function* packed(): Generator<PackedRows> {
    if (!smoothed) {
      yield* log.records() as Generator<PackedRows>;
      return;
    }
    const strip = stripRows({ rows, cols, ...model, probabilities });
    for (const block of smoothed.blocks(strip * Math.max(1, Math.floor(SMOOTHED / (strip * cols))))) {
      yield packRows(block, cube, model, reader.labels(block), { probabilities, drawn, traced });
    }
  }
  function* chunks(): Generator<ReadyChunk> {
    for (const part of packed()) {
      yield* part.chunks;
      mergeComposition(counts, part.counts);
      if (part.scores) tally.add(part.scores);
      if (part.classes) classes?.set(part.classes, part.row * cols);
      if (part.thinned) overview?.add(part.thinned);
    }
  }
  const header = headerOf(cube, row, model, folder, options);
  await writeStainFile(join(folder, `${row.name}.stain.h5`), header, chunks);

  const composition = compositionOf(counts, model.palette, cube.pixelSizeUm);
  const whole = classes && { rows, cols, classNames: model.classNames, labels: model.labels, classes };
  const subject = { cube, row, model, folder, whole, composition, stamps, pictures, minimumRegion };
  const seen = overview && { ...overview.finish(), ...(smoothed && { chemical: smoothed.chemical }) };
  const labels = seen && thinLabels(reader, seen);
  const painted = seen ? await paintPictures({ ...subject, overview: seen, labels }, crew) : undefined;
  for (const remark of polygonRemarks(row.name, painted?.polygons)) options.onRemark?.(remark);
  return {
    name: row.name,
    file: row.path,
    cube: cubeName(options.cube),
    model: options.modelKey,
    rows,
    cols,
    pixelSizeUm: cube.pixelSizeUm,
    patient: row.patient ?? cube.patient,
    core: row.core ?? cube.core,
    mode: row.mode ?? cube.mode,
    origin: cube.origin,
    pictures: painted?.pictures ?? {},
    ...(painted?.polygons && { polygons: painted.polygons }),
    ...(seen && painted?.pictures.amideI && { amideIRange: robustRange(seen.chemical[0]) }),
    compositeBands: compositeBands.map(({ channel, wavenumber, shows }) => `${channel}: ${wavenumber} cm⁻¹, ${shows}`),
    composition: composition.rows,
    rejected: composition.byReason,
    scores: tally.finish(),
  };
}

/** More polygons than viewers draw at ease. */
const MANY = 100_000;

/** What to know of a file of polygons: what it leaves out, and that it is large. */
function* polygonRemarks(name: string, found: PolygonFinding | undefined): Generator<string> {
  if (!found) return;
  const { regions, minimumPixels, leftOut } = found;
  if (leftOut.regions) {
    yield `${name}.geojson leaves out ${leftOut.regions} regions of fewer than ${minimumPixels} pixels, ${leftOut.pixels} pixels in all`;
  }
  if (regions > MANY) {
    yield `${name}.geojson holds ${regions} polygons, more than most viewers draw at ease; --min-region-pixels ${Math.max(4, 4 * minimumPixels)} leaves small ones out and says how many`;
  }
}

/** The labels of the pixels of an overview; undefined when the cube has none. */
function thinLabels({ labels }: CubeReader, { map: { rows, cols }, thin }: Overview): Uint8Array | undefined {
  const thinned = new Uint8Array(rows * cols);
  for (let y = 0; y < rows; y++) {
    const values = labels({ row: y * thin, rows: 1 });
    if (!values) return undefined;
    for (let x = 0; x < cols; x++) thinned[y * cols + x] = values[x * thin];
  }
  return thinned;
}

function headerOf(cube: Cube, row: CohortRow, model: Model, folder: string, options: Known): StainHeader {
  return {
    rows: cube.rows,
    cols: cube.cols,
    classNames: ["unclassified", ...model.classNames.slice(1)],
    labels: model.labels,
    probabilities: options.probabilities,
    source: relativePath(folder, row.path),
    cube: options.cube,
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
