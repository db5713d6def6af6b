import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { SpectraError } from "../cube/errors.js";
import { createHdf5 } from "../hdf5/create.js";
import { type AttributeValue, openHdf5 } from "../hdf5/open.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { MEMORY, planReading, readingMemory } from "../read/plan-reading.js";
import type { RunOptions } from "./progress.js";

export interface RechunkOptions extends Pick<RunOptions, "signal" | "onProgress" | "onRemark"> {
  readonly layout?: LayoutOptions;
  /** Level of compression, 1–9; stored plainly if not given. */
  readonly gzip?: number;
  /** Bytes that may be held; 700 MB if not given. */
  readonly memory?: number;
}

/** What was written. */
export interface Rechunked {
  readonly out: string;
  readonly chunks: readonly number[];
  /** How often a chunk of the input was inflated, on average. */
  readonly inflatedOverNeeded: number;
}

/** A chunk holds about so many bytes: whole spectra, small enough to be taken in any region. */
const CHUNK_BYTES = 1 << 20;

/**
 * Rewrite a cube into our layout with chunks of whole spectra of about 1 MB: absorbance as float32, wavenumbers ascending, with labels,
 * mask and the attributes of the file. It is read region by region within the memory; a file whose chunks lie across that, such as one
 * chunk a band, is inflated once for every region, and nothing but the result is written to the disk.
 */
export async function rechunk(input: string, out: string, options: RechunkOptions = {}): Promise<Rechunked> {
  const { layout, gzip, memory = MEMORY, signal, onProgress, onRemark } = options;
  const reader = await openCube(input, layout);
  try {
    if (!reader.facts) throw new SpectraError("usage", input, `${input} is a table of spectra, not a cube`);
    if (sameFile(input, out)) {
      throw new SpectraError("usage", out, `${out} is the file that is read; name another --out`);
    }
    const { rows, cols, axis, classNames } = reader.cube;
    const bands = axis.wavenumbers.length;
    const plan = planReading(reader.facts, readingMemory(memory, 0));
    if (plan.advice) {
      onRemark?.(`every chunk is inflated ${plan.inflatedOverNeeded.toFixed(1)} times; with more --memory it is fewer`);
    }
    const width = evenPart(plan.cols, cols, CHUNK_BYTES / (4 * bands));
    const height = evenPart(plan.rows, rows, CHUNK_BYTES / (4 * bands * width));
    const chunks = [height, width, bands];
    const attributes = await attributesOf(input);
    const [labels, mask] = [reader.labels(), reader.mask()];

    await createHdf5(out, async (file) => {
      file.attributes("/", attributes);
      const cube = file.dataset("/cube", {
        shape: [rows, cols, bands],
        type: "float32",
        chunks,
        gzip,
        attributes: { quantity: "absorbance" },
      });
      file.put("/wavenumbers", axis.wavenumbers, { attributes: { units: "cm-1" } });
      const names = classNames && [...classNames];
      if (labels) file.put("/labels", labels, { shape: [rows, cols], attributes: { class_names: names } });
      if (mask) file.put("/mask", mask, { shape: [rows, cols] });
      const values = new Float32Array(plan.rows * plan.cols * bands);
      let done = 0;
      for (let row = 0; row < rows; row += plan.rows) {
        for (let col = 0; col < cols; col += plan.cols) {
          const region = { row, rows: Math.min(plan.rows, rows - row), col, cols: Math.min(plan.cols, cols - col) };
          const spectra = reader.read(region, values);
          cube.write([row, col, 0], [region.rows, region.cols, bands], spectra.values);
          done += spectra.count;
          onProgress?.({ stage: "rechunk", done, total: rows * cols, unit: "spectra" });
          // Lets a signal through between two regions.
          await breathe();
          if (signal?.aborted) throw new SpectraError("cancelled", out, `${out} was not finished: cancelled`);
        }
      }
    });
    return { out, chunks, inflatedOverNeeded: plan.inflatedOverNeeded };
  } finally {
    reader.close();
  }
}

/**
 * The edge of a chunk, at most `most`: a divisor of the edge of a region, so that no chunk is written in two goes, unless the region
 * goes from edge to edge of the image or has no fitting divisor.
 */
function evenPart(edge: number, whole: number, most: number): number {
  const limit = Math.max(1, Math.min(edge, Math.floor(most)));
  const even = Math.ceil(edge / Math.ceil(edge / limit));
  if (edge >= whole) return even;
  for (let part = limit; part > limit / 2; part--) if (edge % part === 0) return part;
  return even;
}

async function attributesOf(path: string): Promise<Record<string, AttributeValue>> {
  const file = await openHdf5(path);
  try {
    return file.attributes("/");
  } finally {
    file.close();
  }
}

function sameFile(input: string, out: string): boolean {
  try {
    return realpathSync(input) === realpathSync(out);
  } catch {
    return resolve(input) === resolve(out);
  }
}
