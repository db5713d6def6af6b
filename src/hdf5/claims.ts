import { SpectraError } from "../cube/errors.js";
import { messageKind, readHeader } from "./object-header.js";
import type { DatasetInfo } from "./open.js";
import type { Located } from "./open-direct.js";
import { NotPlain, openRaw } from "./raw-file.js";
import { elementBytes } from "./values.js";

/** What is smaller than this may be claimed by any file: a dataset of which nothing was written yet takes no room in it. */
const SMALL = 64 << 20;
/** Gzip makes a byte of 1032, at the most; a sparse dataset is not written everywhere. */
const PACKED = 2000;
/** What is held as a whole, and chunks that are brought back as a whole, at the most. */
const HELD = 512 << 20;

const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

/** Refuse a dataset that cannot be read piece by piece: chunks without room or that no memory holds, and more values than can be counted. */
export function checkChunks(place: string, { path, shape, type, chunks, filters }: DatasetInfo): void {
  const width = Math.max(1, elementBytes(type));
  if (chunks && (chunks.length !== shape.length || chunks.some((edge) => !(edge >= 1)))) {
    const message = `${path} of ${place} is [${shape}] and claims chunks of [${chunks}]; the file is damaged, copy it again from its source`;
    throw new SpectraError("format", place, message);
  }
  const chunkBytes = product(chunks ?? [0]) * width;
  if (filters.length && chunkBytes > HELD) {
    const message = `${path} of ${place} is stored in chunks of ${inMb(chunkBytes)}, which must be inflated whole; rewrite it with smaller ones (h5repack -l CHUNK=…)`;
    throw new SpectraError("format", place, message);
  }
  if (product(shape) * width <= Number.MAX_SAFE_INTEGER) return;
  throw new SpectraError("format", place, `${path} of ${place} claims [${shape}] values; the file is damaged`);
}

/**
 * Refuse to read so many values at once where that is more than can be held, or more than a file of `size` bytes can hold, before room is
 * made for them. Values in other files (external storage, virtual datasets) are not weighed against the file.
 */
export function checkHeld(place: string, size: number, { info, address }: Located, values: number): void {
  const bytes = values * Math.max(1, elementBytes(info.type));
  if (bytes > HELD) {
    throw new SpectraError(
      "format",
      place,
      `${info.path} of ${place} is ${inMb(bytes)}, more than can be held at once`,
    );
  }
  if (bytes <= Math.max(SMALL, PACKED * size) || isElsewhere(place, address)) return;
  const message = `${info.path} of ${place} claims [${info.shape}] values, ${inMb(bytes)}, which a file of ${inMb(size)} cannot hold; the file is damaged or incomplete`;
  throw new SpectraError("format", place, message);
}

/** Bytes that the chunks of a slab hold: so much has to come out of the filters for it. */
export function touchedBytes({ shape, chunks, type }: DatasetInfo, start: number[], count: number[]): number {
  const lengths = count.map((length, i) => {
    const chunk = chunks?.[i] ?? 1;
    return Math.min(shape[i], Math.ceil((start[i] + length) / chunk) * chunk - Math.floor(start[i] / chunk) * chunk);
  });
  return product(lengths) * elementBytes(type);
}

/** Whether the values of a dataset are in other files, or may be. */
function isElsewhere(place: string, header: number): boolean {
  try {
    const file = openRaw(place);
    try {
      const messages = readHeader(file, header);
      const layout = messages.get(messageKind.layout);
      // Layout of version 4, class 3: virtual.
      const virtual = layout && layout.byte() >= 4 && layout.byte() === 3;
      return messages.has(messageKind.external) || virtual === true;
    } finally {
      file.close();
    }
  } catch (thrown) {
    if (thrown instanceof NotPlain) return false;
    throw thrown;
  }
}

function inMb(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;
}
