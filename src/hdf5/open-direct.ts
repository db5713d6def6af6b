import type { DatasetInfo } from "./open.js";
import { NotPlain, openRaw, type RawFile } from "./raw-file.js";
import { type DirectReader, directReader, type Unshuffle } from "./read-direct.js";
import type { Placement } from "./scatter.js";
import { type Filter, readStorage, type Storage } from "./storage.js";
import { canUnfilter } from "./unfilter.js";
import { type ElementType, elementBytes } from "./values.js";

/** What the library knows of a dataset and does not do itself: where its header is, and its filters with their parameters. */
export interface Located {
  readonly info: DatasetInfo;
  readonly address: number;
  readonly filters: readonly Filter[];
}

/** How a dataset lies in its file, when that is simple enough to read it without the library. Plain data. */
export interface PlainDataset {
  readonly file: string;
  readonly type: ElementType;
  readonly storage: Storage;
}

/** The datasets of a file that are simple enough to be read without the library, several times as fast. */
export interface DirectFile {
  /** Read a slab, or answer false, with `out` in any state, when the library has to do it. */
  read(path: string, start: readonly number[], count: readonly number[], out: Float32Array, to: Placement): boolean;
  /** A dataset as plain data, undefined when the library has to read it. */
  plain(path: string): PlainDataset | undefined;
  /** Bytes that came out of filters so far. */
  inflatedBytes(): number;
  close(): void;
}

/** Open a file beside the library, which says by `locate` what it knows of a dataset. */
export function openDirect(path: string, locate: (dataset: string) => Located): DirectFile {
  const found = new Map<string, { dataset: PlainDataset; reader: DirectReader } | undefined>();
  let file: RawFile | undefined;

  const find = (name: string) =>
    plainOr(() => {
      const { info, address, filters } = locate(name);
      if (!canUnfilter(filters, elementBytes(info.type))) return undefined;
      file ??= openRaw(path);
      const dataset = { file: path, type: info.type, storage: readStorage(file, address, info, filters) };
      return { dataset, reader: directReader(file, dataset.storage, info.type) };
    }, undefined);
  const known = (name: string) => {
    if (!found.has(name)) found.set(name, find(name));
    return found.get(name);
  };

  return {
    read(name, start, count, out, to) {
      const reader = known(name)?.reader;
      if (!reader) return false;
      return plainOr(() => {
        reader.read(start, count, out, to);
        return true;
      }, false);
    },
    plain: (name) => known(name)?.dataset,
    inflatedBytes: () => [...found.values()].reduce((sum, one) => sum + (one?.reader.inflatedBytes ?? 0), 0),
    close() {
      file?.close();
      file = undefined;
      found.clear();
    },
  };
}

/**
 * Open a plain dataset without the library. Its reader throws `NotPlain` at a chunk that is not as the format says: then the library
 * has to read it, or to complain.
 */
export function openPlain(
  { file: path, storage, type }: PlainDataset,
  quick?: Unshuffle,
): Pick<DirectReader, "read"> & { close(): void } {
  const file = openRaw(path);
  const { read } = directReader(file, storage, type, quick);
  return { read, close: () => file.close() };
}

/** What `work` gives, or `otherwise` where the file is not plain. */
function plainOr<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof NotPlain) return otherwise;
    throw thrown;
  }
}
