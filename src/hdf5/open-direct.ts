import type { DatasetInfo } from "./open.js";
import { NotPlain, openRaw, type RawFile } from "./raw-file.js";
import { type DirectReader, directReader } from "./read-direct.js";
import type { Placement } from "./scatter.js";
import { type Filter, readStorage } from "./storage.js";
import { canUnfilter } from "./unfilter.js";
import { elementBytes } from "./values.js";

/** What the library knows of a dataset and does not do itself: where its header is, and its filters with their parameters. */
export interface Located {
  readonly info: DatasetInfo;
  readonly address: number;
  readonly filters: readonly Filter[];
}

/** The datasets of a file that are simple enough to be read without the library, several times as fast. */
export interface DirectFile {
  /** Read a slab, or answer false, with `out` in any state, when the library has to do it. */
  read(
    dataset: () => Located,
    path: string,
    start: readonly number[],
    count: readonly number[],
    out: Float32Array,
    to: Placement,
  ): boolean;
  /** Bytes that came out of filters so far. */
  inflatedBytes(): number;
  close(): void;
}

export function openDirect(path: string): DirectFile {
  const readers = new Map<string, DirectReader | undefined>();
  let file: RawFile | undefined;

  const readerFor = (find: () => Located): DirectReader | undefined =>
    plainOr(() => {
      const { info, address, filters } = find();
      if (!canUnfilter(filters, elementBytes(info.type))) return undefined;
      file ??= openRaw(path);
      return directReader(file, readStorage(file, address, info, filters), info.type);
    }, undefined);

  return {
    read(find, name, start, count, out, to) {
      if (!readers.has(name)) readers.set(name, readerFor(find));
      const reader = readers.get(name);
      if (!reader) return false;
      const done = plainOr(() => {
        reader.read(start, count, out, to);
        return true;
      }, false);
      return done;
    },
    inflatedBytes: () => [...readers.values()].reduce((sum, reader) => sum + (reader?.inflatedBytes ?? 0), 0),
    close() {
      file?.close();
      file = undefined;
      readers.clear();
    },
  };
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
