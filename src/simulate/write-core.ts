import { setImmediate as breathe } from "node:timers/promises";
import { SpectraError } from "../cube/errors.js";
import { createHdf5 } from "../hdf5/create.js";
import { annotate, annotationOfBlocks } from "./annotate.js";
import { gridUm } from "./blur.js";
import { classNames } from "./class-weights.js";
import { prepareDetector } from "./detect.js";
import type { CohortPlan, CorePlan, Mode } from "./plan-cohort.js";
import { prepareOptics, renderRows } from "./render-rows.js";

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
  const fine = annotate(plan, entry, optics.scene);
  const { truth, labels } = mode === "SD" ? annotationOfBlocks(fine, plan.rows, plan.cols) : fine;
  const detect = prepareDetector(plan, entry, mode, optics.effects, wavenumbers);
  const { chunkRows, blockRows } = blocksOf(rows, cols, bands);
  const names = classNames();

  await createHdf5(path, async (file) => {
    const cube = file.dataset("/cube", {
      shape: [rows, cols, bands],
      type: "float32",
      chunks: [chunkRows, cols, bands],
      attributes: { quantity: "absorbance" },
    });
    file.put("/wavenumbers", wavenumbers, { attributes: { units: "cm-1" } });
    file.put("/labels", labels, { shape: [rows, cols], attributes: { class_names: names } });
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

/** Rows of a chunk, 4 to 16 and at most 4 MB where that leaves 4, and rows of a block, whole chunks. */
function blocksOf(rows: number, cols: number, bands: number): { chunkRows: number; blockRows: number } {
  const rowBytes = 4 * cols * bands;
  const chunkRows = Math.min(rows, Math.max(4, Math.min(16, Math.floor((4 << 20) / rowBytes))));
  const chunks = Math.max(1, Math.floor(blockBytes / (chunkRows * rowBytes)));
  return { chunkRows, blockRows: Math.min(Math.ceil(rows / chunkRows), chunks) * chunkRows };
}
