import { deflateSync } from "node:zlib";
import type { Origin } from "../cube/cube.js";
import type { CubeKey } from "../cube/identity.js";
import type { Pipeline } from "../cube/model.js";
import { reasons } from "../cube/rejected.js";
import type { StainMap } from "../cube/stain-map.js";
import type { ReadyChunk } from "../hdf5/attach-chunks.js";
import { createHdf5 } from "../hdf5/create.js";
import { cubeAttributes } from "../hdf5/cube-mark.js";

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
  /** The file of the stained cube, and its key, by which the map is found. */
  readonly source: string;
  readonly cube?: CubeKey;
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

/** What decides how a map is cut into strips. */
export type StainShape = Pick<StainHeader, "rows" | "cols" | "labels" | "probabilities">;

/** A block of whole image rows of a map; arrays as in `StainMap`, for its rows only. */
export interface StainBlock {
  readonly row: number;
  readonly rows: number;
  readonly classes: Uint8Array;
  readonly probabilities: Float32Array;
  readonly rejected: Uint8Array;
}

/** Image rows of a strip at the most: small, so that much is kept when a run is stopped, and large enough to deflate well. */
const STRIP = 16;
/** Chunks stay below 1 MiB, the size of the HDF5 library's chunk cache. */
const CHUNK = 1 << 20;
/** Of deflate: higher levels save little on maps and cost much. */
const LEVEL = 2;

/** Image rows that make a chunk in a stain file; it depends on the size of the map alone. */
export function stripRows({ rows, cols, labels, probabilities }: StainShape): number {
  const bytesPerPixel = labels.length * (probabilities === "float32" ? 4 : 1);
  return Math.max(1, Math.min(rows, STRIP, Math.floor(CHUNK / (cols * bytesPerPixel))));
}

/** Deflate a block that begins with a strip and ends with one, or with the map, to the chunks of a stain file. */
export function deflateStrips(shape: StainShape, block: StainBlock): ReadyChunk[] {
  const { cols, labels } = shape;
  const { row, rows, classes, probabilities, rejected } = block;
  const size = labels.length;
  const strip = stripRows(shape);
  const pixels = rows * cols;
  if (classes.length !== pixels || rejected.length !== pixels || probabilities.length !== pixels * size) {
    throw new Error(`a block of ${rows} × ${cols} pixels came with ${classes.length} classes`);
  }
  if (row % strip || (rows % strip && row + rows !== shape.rows)) {
    throw new Error(`rows ${row} to ${row + rows} are not whole strips of ${strip} rows`);
  }
  const chunks: ReadyChunk[] = [];
  for (let done = 0; done < rows; done += strip) {
    const [from, to] = [done * cols, Math.min(rows, done + strip) * cols];
    const whole = strip * cols;
    const put = (dataset: string, values: Uint8Array | Float32Array, length: number, ...rest: number[]) =>
      chunks.push({ dataset, start: [row + done, 0, ...rest], bytes: deflated(values, length) });
    put("/classes", classes.subarray(from, to), whole);
    put("/rejected", rejected.subarray(from, to), whole);
    const shares = probabilities.subarray(from * size, to * size);
    put("/probabilities", shape.probabilities === "float32" ? shares : scaled(shares), whole * size, 0);
  }
  return chunks;
}

/** The bytes of a chunk: the values, zeros up to its length where the map ends before, deflated. */
function deflated(values: Uint8Array | Float32Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length * values.BYTES_PER_ELEMENT);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return deflateSync(bytes, { level: LEVEL });
}

function scaled(probabilities: Float32Array): Uint8Array {
  const bytes = new Uint8Array(probabilities.length);
  // A probability of 1 + 2⁻²⁴ from summing must not become 0.
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(255, Math.round(probabilities[i] * 255));
  return bytes;
}

/**
 * Write a stain file from its chunks, those of each dataset from the top of the map to its end: `/classes` and `/rejected` uint8
 * [rows, cols], `/probabilities` [rows, cols, classes] uint8 or float32 with the attribute `scale` (a probability is value / scale),
 * deflated in chunks of whole rows. The file appears under its name when it is complete.
 */
export async function writeStainFile(
  path: string,
  header: StainHeader,
  chunks: () => Iterable<ReadyChunk>,
): Promise<void> {
  const { rows, cols, labels, classNames, probabilities: stored = "uint8" } = header;
  const strip = stripRows(header);
  const flat = { shape: [rows, cols], type: "uint8" as const, chunks: [strip, cols], gzip: LEVEL };
  await createHdf5(
    path,
    (file) => {
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
        ...(header.cube && cubeAttributes(header.cube)),
        // The pipeline's, unless the run was given another.
        threshold: header.pipeline.stain.threshold,
        pipeline: JSON.stringify(header.pipeline),
        version: header.version,
        stamps: [...header.stamps],
        notice: "research use only, not for diagnostic use",
      });
      file.dataset("/classes", { ...flat, attributes: { class_names: [...classNames] } });
      file.dataset("/rejected", { ...flat, attributes: { reasons: reasons.map(({ name }) => name) } });
      file.dataset("/probabilities", {
        shape: [rows, cols, labels.length],
        type: stored,
        chunks: [strip, cols, labels.length],
        gzip: LEVEL,
        attributes: {
          labels: [...labels],
          class_names: [...labels].map((label) => classNames[label]),
          scale: stored === "uint8" ? 255 : 1,
        },
      });
    },
    chunks,
  );
}

/** Write a whole map as a stain file. */
export async function writeStain(
  path: string,
  map: StainMap,
  header: Omit<StainHeader, "rows" | "cols" | "classNames" | "labels">,
): Promise<void> {
  const whole = { ...header, ...map, probabilities: header.probabilities };
  const chunks = deflateStrips(whole, { ...map, row: 0 });
  await writeStainFile(path, whole, () => chunks);
}
