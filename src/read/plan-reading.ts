import type { DatasetInfo } from "../hdf5/open.js";
import { elementBytes } from "../hdf5/values.js";
import type { Order } from "./layout.js";
import type { ImageSize } from "./place-region.js";

/** What decides in which pieces a cube is best read. */
export interface ReadingFacts extends ImageSize {
  readonly path: string;
  readonly order: Order;
  readonly dataset: DatasetInfo;
}

/** The regions in which a cube is read, left to right and top to bottom; those at the right and lower edge are cut. */
export interface ReadingPlan {
  readonly rows: number;
  readonly cols: number;
  /**
   * Bytes that come out of filters over the bytes of the cube, when it is read once in these regions. What the chunks at the edges hold
   * beyond the image counts too. 1 where there are no filters.
   */
  readonly inflatedOverNeeded: number;
  /** Held while a region is read: its spectra as float32, and two chunks on the way. */
  readonly bytesPerRegion: number;
  /** What to do where chunks must be inflated again and again, or a region exceeds the memory. */
  readonly advice?: string;
}

/** Memory for all threads of a run together, where nobody says: 700 MB. */
export const MEMORY = 700e6;

/** Whether reading a part of a chunk means to inflate all of it. */
export function isFiltered(dataset: DatasetInfo): boolean {
  return dataset.chunks !== undefined && dataset.filters.length > 0;
}

/** Regions that stay in the cache of a core are worked on fastest. */
const CACHED_BYTES = 8 << 20;
/** A plan that inflates up to so much more is preferred when its regions are smaller. */
const WORTH_IT = 1.05;
/** Chunks inflated more often than this on average are worth a word. */
const TOLERATED = 1.2;

/**
 * Choose the regions for a cube so that a worker with so much memory inflates as little as possible twice: whole chunks, in the full
 * width of the image where that fits, since maps are written by rows; otherwise tiles. Of equal plans the one with regions nearest
 * to 8 MB.
 */
export function planReading(facts: ReadingFacts, memoryBytes: number): ReadingPlan {
  const { dataset, bands, cols, rows } = facts;
  const filtered = isFiltered(dataset);
  const chunkBytes = filtered ? dataset.chunks!.reduce((a, b) => a * b, 1) * elementBytes(dataset.type) : 0;
  const pixelBytes = 4 * bands;
  // Where a chunk alone exceeds the memory, regions of a few MB add little to it.
  const most = Math.max(memoryBytes - 2 * chunkBytes, Math.min(memoryBytes, CACHED_BYTES));
  const fromCached = (region: Size) => Math.abs(Math.log((region.rows * region.cols * pixelBytes) / CACHED_BYTES));
  const plans = candidates(facts, Math.max(1, Math.floor(most / pixelBytes))).map((region) => ({
    ...region,
    times: filtered ? timesInflated(facts, region) : 1,
  }));
  const lowest = Math.min(...plans.map(({ times }) => times));
  const [best] = plans
    .filter(({ times }) => times <= lowest * WORTH_IT)
    .sort((a, b) => Number(a.cols < cols) - Number(b.cols < cols) || fromCached(a) - fromCached(b));
  const plan = {
    rows: best.rows,
    cols: best.cols,
    inflatedOverNeeded: best.times * (filtered ? padding(facts) : 1),
    bytesPerRegion: best.rows * best.cols * pixelBytes + 2 * chunkBytes,
  };
  const again = best.times > TOLERATED && (best.rows < rows || best.cols < cols);
  const advice =
    again || plan.bytesPerRegion > memoryBytes ? adviceFor(facts, plan, best.times, memoryBytes) : undefined;
  return { ...plan, ...(advice && { advice }) };
}

/**
 * The memory of one worker for reading, of what a run may take. The main thread holds about 150 MB, a worker
 * with its kernels and the library 100 MB whatever it reads; of the rest a worker spends half on the region, the other half on what it makes of it.
 */
export function readingMemory(memoryBytes: number, workers: number): number {
  return Math.max(16e6, spareMemory(memoryBytes, workers) / Math.max(1, workers) / 2);
}

/** What a run has beyond what its threads hold whatever they do; below 0 where that is more than it may take. */
export function spareMemory(memoryBytes: number, workers: number): number {
  return memoryBytes - 150e6 - 100e6 * workers;
}

interface Size {
  readonly rows: number;
  readonly cols: number;
}

/** Regions worth considering: for some widths, whole chunks up to 8 MB, one row of chunks, and as many rows as fit. */
function candidates({ order, dataset, rows, cols }: ReadingFacts, mostPixels: number): Size[] {
  const chunk = (letter: string) => dataset.chunks?.[order.indexOf(letter)];
  const listed = order.includes("p");
  // Of a list of pixels, the rows that are whole chunks; a tile of it is one row.
  const chunkRows = Math.min(rows, listed ? wholeRows(chunk("p") ?? 1, cols) : (chunk("r") ?? 1));
  const chunkCols = Math.min(cols, listed ? 1 : (chunk("c") ?? 1));
  const wanted = CACHED_BYTES / 4 / dataset.shape[order.indexOf("b")];

  const widths = new Set<number>();
  // A column lies together in the file where rows are its faster dimension: then tiles of the full height.
  const upright = !listed && !dataset.chunks && order.indexOf("r") > order.indexOf("c");
  if (upright && mostPixels >= rows) widths.add(Math.max(1, Math.min(cols, Math.floor(wanted / rows))));
  else {
    if (mostPixels >= cols) widths.add(cols);
    for (let across = 1; across * chunkCols < cols; across *= 2) widths.add(across * chunkCols);
    for (let cut = 2; cols / cut >= 1; cut *= 2) widths.add(Math.ceil(cols / cut));
  }
  const found: Size[] = [];
  for (const width of widths) {
    if (width > mostPixels) continue;
    const fit = listed && width < cols ? 1 : Math.min(rows, Math.floor(mostPixels / width));
    if (upright && fit === rows) {
      found.push({ rows, cols: width });
      continue;
    }
    const cached = Math.floor(wanted / width / chunkRows) * chunkRows;
    // `fit` rows in so many bands of rows: no last one of a few rows.
    const even = Math.ceil(rows / Math.ceil(rows / fit));
    const whole = Math.floor(fit / chunkRows) * chunkRows;
    for (const height of [cached, chunkRows, 2 * chunkRows, whole, even]) {
      if (height >= 1 && height <= fit) found.push({ rows: Math.min(rows, height), cols: width });
    }
  }
  return found.length ? found : [{ rows: 1, cols: Math.min(cols, mostPixels) }];
}

/** The fewest image rows whose pixels are a whole number of chunks. */
function wholeRows(chunkPixels: number, cols: number): number {
  const divisor = (a: number, b: number): number => (b ? divisor(b, a % b) : a);
  return chunkPixels / divisor(chunkPixels, cols);
}

/** How often a chunk is inflated on average, when the cube is read in such regions. */
function timesInflated({ order, dataset, rows, cols }: ReadingFacts, region: Size): number {
  const chunk = (letter: string) => dataset.chunks![order.indexOf(letter)];
  if (!order.includes("p")) {
    return times(rows, region.rows, chunk("r")) * times(cols, region.cols, chunk("c"));
  }
  if (region.cols === cols) return times(rows * cols, region.rows * cols, chunk("p"));
  // A region of a list of pixels is read in whole rows.
  return times(rows * cols, region.rows * cols, chunk("p")) * Math.ceil(cols / region.cols);
}

/** Chunks touched by stretches of `step` along `length`, each stretch counted, over the chunks there are. */
function times(length: number, step: number, chunk: number): number {
  let touched = 0;
  for (let start = 0; start < length; start += step) {
    const end = Math.min(start + step, length);
    touched += Math.floor((end - 1) / chunk) - Math.floor(start / chunk) + 1;
  }
  return touched / Math.ceil(length / chunk);
}

/** The size of all chunks over that of the dataset: those at the edges reach beyond. */
function padding({ dataset }: ReadingFacts): number {
  return dataset.shape.reduce((share, length, i) => {
    const chunk = dataset.chunks![i];
    return (share * Math.ceil(length / chunk) * chunk) / length;
  }, 1);
}

function adviceFor(
  { path, dataset }: ReadingFacts,
  plan: Omit<ReadingPlan, "advice">,
  inflated: number,
  memory: number,
): string {
  const chunks = `chunks of [${dataset.chunks?.join(", ")}] (${dataset.filters.join(" + ")})`;
  const cause =
    inflated > TOLERATED
      ? `with ${megabytes(memory)} a worker every chunk is inflated ${inflated.toFixed(1)} times`
      : `a worker needs ${megabytes(plan.bytesPerRegion)}, more than the ${megabytes(memory)} it has`;
  const name = path.replace(/\.[^./\\]+$/, "");
  return (
    `${dataset.path} lies in ${chunks}: ${cause}; give more --memory, ` +
    `or rewrite it once with: spectrastain rechunk ${path} --out ${name}.rechunked.h5`
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
