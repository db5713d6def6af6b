import type { Origin } from "../cube/cube.js";
import type { Pipeline } from "../cube/model.js";
import { reasons } from "../cube/rejected.js";
import type { StainMap } from "../cube/stain-map.js";
import { createHdf5, type Hdf5Writer } from "../hdf5/create.js";

/** All that a stain file says beside its pixels. */
export interface StainHeader {
  readonly rows: number;
  readonly cols: number;
  /** Names by label value, index 0 "unclassified". */
  readonly classNames: readonly string[];
  /** Label value of each class of the probabilities. */
  readonly labels: Uint8Array;
  /**
   * How probabilities are stored: "uint8" as round(255 · p), wrong by at most 1/510 and a quarter of the size; "float32" as they
   * are. "uint8" if not given.
   */
  readonly probabilities?: "uint8" | "float32";
  /** The stained cube. */
  readonly source: string;
  readonly origin: Origin;
  readonly pixelSizeUm?: number;
  readonly patient?: string;
  readonly core?: string;
  readonly slide?: string;
  readonly mode?: string;
  /** A hash of the model, so that a map can be traced to it. */
  readonly model: string;
  readonly pipeline: Pipeline;
  readonly version: string;
  readonly stamps: readonly string[];
}

export interface StainWriter {
  /**
   * Take the next block of whole rows, from the top of the map to its end. Arrays as in `StainMap`, for the rows of the block only.
   * Rows are written a chunk at a time, so that the bytes of the file do not depend on the height of the blocks.
   */
  place(row: number, rows: number, classes: Uint8Array, probabilities: Float32Array, rejected: Uint8Array): void;
}

/** Chunks stay below 1 MiB, the size of the HDF5 library's chunk cache. */
const CHUNK = 1 << 20;

/**
 * Lay out a stain file to be filled row block by row block: `/classes` and `/rejected` uint8 [rows, cols], `/probabilities`
 * [rows, cols, classes] uint8 or float32 with the attribute `scale` (a probability is value / scale), gzip'd in chunks of whole rows.
 */
export function openStainWriter(file: Hdf5Writer, header: StainHeader): StainWriter {
  const { rows, cols, labels, classNames, probabilities: stored = "uint8" } = header;
  const size = labels.length;
  const scale = stored === "uint8" ? 255 : 1;
  const bytesPerPixel = size * (stored === "uint8" ? 1 : 4);
  const strip = Math.max(1, Math.min(rows, 32, Math.floor(CHUNK / (cols * bytesPerPixel))));
  const flat = { shape: [rows, cols], type: "uint8" as const, chunks: [strip, cols], gzip: 2 };
  file.attributes("/", {
    format: "spectrastain/stain/1",
    source: header.source,
    origin: header.origin,
    pixel_size_um: header.pixelSizeUm,
    patient: header.patient,
    core: header.core,
    slide: header.slide,
    mode: header.mode,
    model: header.model,
    pipeline: JSON.stringify(header.pipeline),
    version: header.version,
    stamps: [...header.stamps],
    notice: "research use only, not for diagnostic use",
  });
  const classesData = file.dataset("/classes", { ...flat, attributes: { class_names: [...classNames] } });
  const rejectedData = file.dataset("/rejected", { ...flat, attributes: { reasons: reasons.map(({ name }) => name) } });
  const probabilitiesData = file.dataset("/probabilities", {
    shape: [rows, cols, size],
    type: stored,
    chunks: [strip, cols, size],
    gzip: 2,
    attributes: { labels: [...labels], class_names: [...labels].map((label) => classNames[label]), scale },
  });
  const heldClasses = new Uint8Array(strip * cols);
  const heldRejected = new Uint8Array(strip * cols);
  const heldProbabilities =
    stored === "uint8" ? new Uint8Array(strip * cols * size) : new Float32Array(strip * cols * size);
  let written = 0;
  let held = 0;

  const writeStrip = () => {
    const pixels = held * cols;
    classesData.write([written, 0], [held, cols], heldClasses.subarray(0, pixels));
    rejectedData.write([written, 0], [held, cols], heldRejected.subarray(0, pixels));
    probabilitiesData.write([written, 0, 0], [held, cols, size], heldProbabilities.subarray(0, pixels * size));
    written += held;
    held = 0;
  };
  const hold = (from: Float32Array, at: number) => {
    if (stored === "float32") return heldProbabilities.set(from, at);
    // A probability of 1 + 2⁻²⁴ from summing must not become 0.
    for (let i = 0; i < from.length; i++) heldProbabilities[at + i] = Math.min(255, Math.round(from[i] * 255));
  };

  return {
    place(row, blockRows, classes, probabilities, rejected) {
      const pixels = blockRows * cols;
      if (classes.length !== pixels || rejected.length !== pixels || probabilities.length !== pixels * size) {
        throw new Error(`a block of ${blockRows} × ${cols} pixels came with ${classes.length} classes`);
      }
      if (row !== written + held) throw new Error(`row ${row} came where row ${written + held} was next`);
      for (let done = 0; done < blockRows; ) {
        const now = Math.min(blockRows - done, strip - held);
        const [start, end] = [done * cols, (done + now) * cols];
        heldClasses.set(classes.subarray(start, end), held * cols);
        heldRejected.set(rejected.subarray(start, end), held * cols);
        hold(probabilities.subarray(start * size, end * size), held * cols * size);
        held += now;
        done += now;
        if (held === strip || written + held === rows) writeStrip();
      }
    },
  };
}

/** Write a whole map as a stain file; it appears under its name when it is complete. */
export async function writeStain(
  path: string,
  map: StainMap,
  header: Omit<StainHeader, "rows" | "cols" | "classNames" | "labels">,
): Promise<void> {
  await createHdf5(path, (file) => {
    openStainWriter(file, { ...header, ...map, probabilities: header.probabilities }).place(
      0,
      map.rows,
      map.classes,
      map.probabilities,
      map.rejected,
    );
  });
}
