import { isWritten } from "./chunk-tree.js";
import type { DatasetInfo } from "./open.js";
import { NotPlain, openBare, openRaw, type RawFile } from "./raw-file.js";
import { type DirectReader, directReader, type Unshuffle } from "./read-direct.js";
import type { Placement } from "./scatter.js";
import type { FoundPart } from "./sources.js";
import { type Filter, readStorage, type Storage } from "./storage.js";
import { canUnfilter } from "./unfilter.js";
import { type ElementType, elementBytes } from "./values.js";

/** What the library knows of a dataset and does not do itself: where its header is, and its filters with their parameters. */
export interface Located {
  /** The file that it is in, and its path there, behind all links. */
  readonly file: string;
  readonly path: string;
  readonly info: DatasetInfo;
  readonly address: number;
  readonly filters: readonly Filter[];
  /** Where its values are, when they are in files of nothing but values. */
  readonly parts?: readonly FoundPart[];
}

/** How a dataset lies in its file, when that is simple enough to read it without the library. Plain data. */
export interface PlainDataset {
  readonly file: string;
  /** The file holds nothing but values: it is no HDF5 file. */
  readonly bare?: boolean;
  readonly type: ElementType;
  readonly storage: Storage;
}

/** The datasets of a file that are simple enough to be read without the library, several times as fast. */
export interface DirectFile {
  /** Read a slab, or answer false, with `out` in any state, when the library has to do it. */
  read(path: string, start: readonly number[], count: readonly number[], out: Float32Array, to: Placement): boolean;
  /** False only where it is certain that nothing of a slab was ever written. */
  isWritten(path: string, start: readonly number[], count: readonly number[]): boolean;
  /** A dataset as plain data, undefined when the library has to read it. */
  plain(path: string): PlainDataset | undefined;
  /** Bytes that came out of filters so far. */
  inflatedBytes(): number;
  close(): void;
}

/** Open files beside the library, which says by `locate` what it knows of a dataset. */
export function openDirect(locate: (dataset: string) => Located): DirectFile {
  const found = new Map<string, { dataset: PlainDataset; reader: DirectReader } | undefined>();
  const files = new Map<string, RawFile>();
  const raw = (path: string, bare = false) => {
    const file = files.get(path) ?? (bare ? openBare(path) : openRaw(path));
    files.set(path, file);
    return file;
  };

  const find = (name: string) =>
    plainOr(() => {
      const { file, info, address, filters, parts = [] } = locate(name);
      if (!canUnfilter(filters, elementBytes(info.type)) || parts.length > 1) return undefined;
      const [part] = parts;
      const storage = readStorage(raw(file), address, info, filters, part);
      const dataset = { file: part?.file ?? file, type: info.type, storage, ...(part && { bare: true }) };
      return { dataset, reader: directReader(raw(dataset.file, dataset.bare), storage, info.type) };
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
    isWritten(name, start, count) {
      const storage = known(name)?.dataset.storage;
      return !storage || isWritten(storage.index, storage, start, count);
    },
    plain: (name) => known(name)?.dataset,
    inflatedBytes: () => [...found.values()].reduce((sum, one) => sum + (one?.reader.inflatedBytes ?? 0), 0),
    close() {
      for (const file of files.values()) file.close();
      files.clear();
      found.clear();
    },
  };
}

/**
 * Open a plain dataset without the library. Its reader throws `NotPlain` at a chunk that is not as the format says: then the library
 * has to read it, or to complain.
 */
export function openPlain(
  { file: path, bare, storage, type }: PlainDataset,
  quick?: Unshuffle,
): Pick<DirectReader, "read"> & { close(): void } {
  const file = bare ? openBare(path) : openRaw(path);
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
