import { setImmediate as breathe } from "node:timers/promises";
import { SpectraError } from "../cube/errors.js";
import { createHdf5 } from "../hdf5/create.js";
import { annotate, annotationOfBlocks } from "./annotate.js";
import { gridUm } from "./blur.js";
import { classNames } from "./class-weights.js";
import { prepareDetector } from "./detect.js";
import type { BiopsyPlan, CohortPlan, CorePlan, Mode } from "./plan-cohort.js";
import { prepareOptics, renderRows } from "./render-rows.js";
import { type Scene, tissue } from "./scene.js";

export interface WriteCoreOptions {
  /** Stops between blocks of rows; no file is left. */
  readonly signal?: AbortSignal;
  readonly onRows?: (done: number, total: number) => void;
}

/** Spectra rendered at once: what is in memory does not grow with the image. */
const blockBytes = 40 << 20;

/**
 * Render one core in one mode into an HDF5 cube: `/cube` absorbance in whole-row chunks, `/wavenumbers`, `/labels` (what is
 * annotated), `/truth` (every pixel, 0 = substrate) and the attributes of the layout. The same plan gives the same numbers;
 * SD and HD of an entry are the same scene.
 */
export async function writeCore(
  path: string,
  plan: CohortPlan,
  entry: CorePlan,
  mode: Mode,
  options: WriteCoreOptions = {},
): Promise<void> {
  const optics = prepareOptics(plan, entry);
  const { wavenumbers } = optics;
  const box = mode === "SD" ? 5 : 1;
  const rows = plan.rows / box;
  const cols = plan.cols / box;
  const bands = wavenumbers.length;
  const { truth, labels } = entry.biopsy
    ? sampleTruth(optics.scene, rows, cols, box)
    : annotated(plan, entry, optics.scene, mode);
  const detect = prepareDetector(plan, entry, mode, optics.effects, wavenumbers);
  const { chunkRows, blockRows } = blocksOf(rows, cols, bands);
  const names = classNames();

  await createHdf5(path, async (file) => {
    file.attributes("/", { written_by: "spectrastain/simulate/1" });
    const cube = file.dataset("/cube", {
      shape: [rows, cols, bands],
      type: "float32",
      chunks: [chunkRows, cols, bands],
      attributes: { quantity: "absorbance" },
    });
    file.put("/wavenumbers", wavenumbers, { attributes: { units: "cm-1" } });
    if (labels) file.put("/labels", labels, { shape: [rows, cols], attributes: { class_names: names } });
    file.put("/truth", truth, { shape: [rows, cols], attributes: { class_names: ["substrate", ...names.slice(1)] } });
    file.attributes("/", {
      pixel_size_um: mode === "SD" ? 5 * gridUm : gridUm,
      modality: "FTIR",
      mode,
      patient: entry.patient,
      core: entry.core,
      slide: entry.slide,
      geometry: "transmission",
      origin: "simulated",
      source: `spectrastain phantom "tissue core", seed ${plan.seed}, difficulty ${plan.difficulty}, ${entry.core}`,
      ...(entry.biopsy && biopsyAttributes(plan, entry, entry.biopsy, truth)),
    });
    const values = new Float32Array(blockRows * cols * bands);
    for (let row = 0; row < rows; row += blockRows) {
      if (options.signal?.aborted) throw new SpectraError("cancelled", path, `${path} was not finished: cancelled`);
      const now = Math.min(blockRows, rows - row);
      renderRows(optics, mode, row, now, values);
      detect(values, row, now);
      cube.write([row, 0, 0], [now, cols, bands], values.subarray(0, now * cols * bands));
      options.onRows?.(row + now, rows);
      // Lets a signal or a message through between two blocks.
      await breathe();
    }
  });
}

function annotated(plan: CohortPlan, entry: CorePlan, scene: Scene, mode: Mode) {
  const fine = annotate(plan, entry, scene);
  return mode === "SD" ? annotationOfBlocks(fine, plan.rows, plan.cols) : fine;
}

/** What is in the middle of every pixel. A biopsy is not annotated: it is there to be diagnosed. */
function sampleTruth(scene: Scene, rows: number, cols: number, box: number): { truth: Uint8Array; labels: undefined } {
  const truth = new Uint8Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      truth[row * cols + col] = scene.at((row + 0.5) * box - 0.5, (col + 0.5) * box - 0.5).label;
    }
  }
  return { truth, labels: undefined };
}

function biopsyAttributes(plan: CohortPlan, entry: CorePlan, biopsy: BiopsyPlan, truth: Uint8Array) {
  const tissuePixels = truth.reduce((sum, label) => sum + (label ? 1 : 0), 0);
  const share = (wanted: number) => truth.reduce((sum, label) => sum + (label === wanted ? 1 : 0), 0) / tissuePixels;
  return {
    source: `spectrastain phantom "biopsy", ${plan.optics ?? "fine"} optics, seed ${plan.seed}, difficulty ${plan.difficulty}, ${biopsy.name}`,
    biopsy: biopsy.name,
    diagnosis: entry.diagnosis === "cancer" ? "malignant" : "benign",
    tumour_share: share(tissue.cancer),
    necrosis_share: share(tissue.necrosis),
    blood_share: share(tissue.blood),
  };
}

/** Rows of a chunk, 4 to 16 and at most 4 MB where that leaves 4, and rows of a block, whole chunks. */
function blocksOf(rows: number, cols: number, bands: number): { chunkRows: number; blockRows: number } {
  const rowBytes = 4 * cols * bands;
  const chunkRows = Math.min(rows, Math.max(4, Math.min(16, Math.floor((4 << 20) / rowBytes))));
  const chunks = Math.max(1, Math.floor(blockBytes / (chunkRows * rowBytes)));
  return { chunkRows, blockRows: Math.min(Math.ceil(rows / chunkRows), chunks) * chunkRows };
}
