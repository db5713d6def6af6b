import { setImmediate as breathe } from "node:timers/promises";
import type { Cube } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import { isSameFile, noteInputs } from "../cube/inputs.js";
import { checkOut } from "../cube/make-folder.js";
import { createHdf5, type Hdf5Writer } from "../hdf5/create.js";
import { type AttributeValue, openHdf5 } from "../hdf5/open.js";
import { filesBehind } from "../read/cube-files.js";
import { type CubeReader, type LayoutOptions, openCube } from "../read/open-cube.js";
import { MEMORY, planReading, readingMemory } from "../read/plan-reading.js";
import { checkUnchanged, statesOf } from "../read/unchanged.js";
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

/** Pixels of labels or of a mask that are copied at a time. */
const COPIED = 4 << 20;

/** A chunk holds about so many bytes: whole spectra, small enough to be taken in any region. */
const CHUNK_BYTES = 1 << 20;

/**
 * Rewrite a cube into our layout with chunks of whole spectra of about 1 MB: absorbance as float32, wavenumbers ascending, with labels,
 * mask and the attributes of the file. It is read region by region within the memory; a file whose chunks lie across that, such as one
 * chunk a band, is inflated once for every region, and nothing but the result is written to the disk.
 */
export async function rechunk(input: string, out: string, options: RechunkOptions = {}): Promise<Rechunked> {
  const { layout, gzip, memory = MEMORY, signal, onProgress, onRemark } = options;
  const before = statesOf([input]);
  const reader = await openCube(input, layout);
  try {
    if (!reader.facts) throw new SpectraError("usage", input, `${input} is a table of spectra, not a cube`);
    if (isSameFile(input, out)) {
      throw new SpectraError("usage", out, `${out} is the file that is read; name another --out`);
    }
    noteInputs([input]);
    before.push(...statesOf(filesBehind(reader.dataset)));
    checkOut(out, "rechunk");
    const { rows, cols, axis, classNames } = reader.cube;
    const bands = axis.wavenumbers.length;
    const plan = planReading(reader.facts, readingMemory(memory, 0));
    if (plan.advice) {
      onRemark?.(`every chunk is inflated ${plan.inflatedOverNeeded.toFixed(1)} times; with more --memory it is fewer`);
    }
    const width = evenPart(plan.cols, cols, CHUNK_BYTES / (4 * bands));
    const height = evenPart(plan.rows, rows, CHUNK_BYTES / (4 * bands * width));
    const chunks = [height, width, bands];
    const { attributes, dropped } = await besides(input, reader, layout);
    if (dropped.length) onRemark?.(`not copied: ${dropped.join(", ")}`);

    await createHdf5(out, async (file) => {
      file.attributes("/", { ...attributes, written_by: "spectrastain/rechunk/1" });
      const cube = file.dataset("/cube", {
        shape: [rows, cols, bands],
        type: "float32",
        chunks,
        gzip,
        attributes: { quantity: "absorbance" },
      });
      file.put("/wavenumbers", axis.wavenumbers, { attributes: { units: "cm-1" } });
      const names = classNames && [...classNames];
      if (reader.labelCounts()) copyPlane(file, "/labels", reader.cube, reader.labels, { class_names: names });
      if (reader.maskCounts()) copyPlane(file, "/mask", reader.cube, reader.mask);
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
      checkUnchanged(before);
    });
    return { out, chunks, inflatedOverNeeded: plan.inflatedOverNeeded };
  } finally {
    reader.close();
  }
}

/** Copy labels or a mask, some rows at a time. */
function copyPlane(
  file: Hdf5Writer,
  path: string,
  { rows, cols }: Cube,
  read: CubeReader["labels"],
  attributes?: Record<string, AttributeValue | undefined>,
): void {
  const plane = file.dataset(path, { shape: [rows, cols], type: "uint8", attributes });
  const height = Math.max(1, Math.floor(COPIED / cols));
  for (let row = 0; row < rows; row += height) {
    const range = { row, rows: Math.min(height, rows - row) };
    plane.write([row, 0], [range.rows, cols], read(range)!);
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

/** Attributes that our layout has for what is known of a cube, wherever the file or the caller says it; and the datasets that stay behind. */
async function besides(path: string, { cube, dataset, used = [] }: CubeReader, layout?: LayoutOptions) {
  const { pixelSizeUm, patient, core, slide, mode, modality, geometry, origin, source } = cube;
  const known = { pixel_size_um: pixelSizeUm, patient, core, slide, mode, modality, geometry, source };
  const file = await openHdf5(path, layout);
  try {
    const attributes: Record<string, AttributeValue> = { ...file.attributes("/") };
    for (const [name, value] of Object.entries(known)) if (value !== undefined) attributes[name] = value;
    if (origin !== "unknown") attributes.origin = origin;
    const taken = [dataset?.path, dataset?.behind, ...used];
    const dropped = file.datasets().flatMap((one) => (taken.includes(one.path) ? [] : [one.path]));
    return {
      attributes,
      dropped: dropped.length > 8 ? [...dropped.slice(0, 8), `and ${dropped.length - 8} more`] : dropped,
    };
  } finally {
    file.close();
  }
}
