import { statSync } from "node:fs";
import { resolve } from "node:path";
import { SpectraError } from "../cube/errors.js";
import { type AttributeValue, readAttributes } from "./attributes.js";
import { describe, headerAddress, listDatasets, readTexts } from "./datasets.js";
import { library } from "./library.js";
import { openDirect, type PlainDataset } from "./open-direct.js";
import { type Placement, rowMajor, scatter } from "./scatter.js";
import { decode, type ElementType, elementBytes, type NumericArray } from "./values.js";

export type { AttributeValue } from "./attributes.js";
export type { PlainDataset } from "./open-direct.js";
export type { Placement } from "./scatter.js";

/** A dataset without its values. */
export interface DatasetInfo {
  path: string;
  shape: number[];
  type: ElementType;
  /** The shape of a chunk; missing when the dataset is contiguous. */
  chunks?: number[];
  /** Names of the filters, such as gzip, shuffle, lzf; empty when stored plainly. */
  filters: string[];
  attributes: Record<string, AttributeValue>;
}

/** An HDF5 file open for reading. `start` and `count` are a hyperslab, one entry a dimension; all of it if not given. */
export interface Hdf5File {
  path: string;
  /** Every dataset of the file, depth-first; soft and external links are not followed, a dataset linked twice comes once. */
  datasets(): DatasetInfo[];
  /** Attributes of a group or dataset, "/" for those of the file. */
  attributes(path: string): Record<string, AttributeValue>;
  /** One dataset; an error "missing" lists those there are. */
  info(path: string): DatasetInfo;
  /** Numbers, row-major in the dataset's own order. float16 comes as Float32Array, 64-bit integers as Float64Array. */
  read(path: string, start?: number[], count?: number[]): NumericArray;
  /**
   * The same numbers rounded to float32, into an array that exists: the fast way to stream blocks. They go to the beginning of it,
   * row-major, or to where `to` says. Plain datasets are read without the library.
   */
  readFloat32(path: string, start: number[], count: number[], out: Float32Array, to?: Placement): void;
  /** All that is needed to read a dataset without the library, as plain data to be posted; undefined when it is not plain. */
  plain(path: string): PlainDataset | undefined;
  /** Bytes that came out of filters so far, where the library was not needed. */
  inflatedBytes(): number;
  strings(path: string): string[];
  close(): void;
}

/** Read through the library in pieces of at most so many bytes, so that its memory stays small whatever is asked for. */
const pieceBytes = 32 << 20;

/** Open an HDF5 file for reading; MATLAB v7.3 files are such. The file stays open until `close`. */
export async function openHdf5(path: string): Promise<Hdf5File> {
  const loaded = await library();
  const { module, complaint, scratch } = loaded;
  const place = resolve(path);
  checkFile(place);
  complaint();
  const id = module.open(place, module.H5F_ACC_RDONLY, false);
  if (id < 0n) throw refusal(place, complaint());

  const direct = openDirect(place, (name) => ({
    info: info(name),
    address: headerAddress(module, id, name),
    filters: module.get_dataset_filters(id, name),
  }));
  const known = new Map<string, DatasetInfo>();
  let open = true;
  const info = (named: string): DatasetInfo => {
    if (!open) throw new Error(`${place} is closed`);
    const name = `/${named.replace(/^\/+|\/+$/g, "")}`;
    let found = known.get(name);
    if (!found) {
      if (module.get_type(id, name) !== module.H5G_DATASET) throw missing(place, name, listDatasets(module, id));
      found = describe(loaded, id, name);
      known.set(name, found);
    }
    return found;
  };

  /** Call `take` with the bytes of a hyperslab, piece by piece along the first dimension. */
  const stream = (
    dataset: DatasetInfo,
    start: number[],
    count: number[],
    take: (bytes: Uint8Array, row: number, count: number[]) => void,
  ) => {
    const rows = count.length ? count[0] : 1;
    const rowBytes = elementBytes(dataset.type) * count.slice(1).reduce((a, b) => a * b, 1);
    const rowsPerPiece = wholeChunks(pieceBytes / Math.max(1, rowBytes), dataset.chunks?.[0]);
    for (let row = 0; row < rows && rowBytes; row += rowsPerPiece) {
      const rowsNow = Math.min(rowsPerPiece, rows - row);
      const pieceStart = count.length ? [start[0] + row, ...start.slice(1)] : [];
      const pieceCount = count.length ? [rowsNow, ...count.slice(1)] : [];
      const room = scratch(rowsNow * rowBytes);
      const offset = room.byteOffset;
      const status = module.get_dataset_data(
        id,
        dataset.path,
        pieceCount.map(BigInt),
        pieceStart.map(BigInt),
        pieceCount.map(() => 1n),
        BigInt(offset),
      );
      if (status < 0) throw unreadable(place, dataset, complaint());
      // The library's memory may have grown and moved during the call.
      take(new Uint8Array(module.HEAPU8.buffer, offset, rowsNow * rowBytes), row, pieceCount);
    }
  };

  /** A dataset of numbers that has this hyperslab. */
  const numeric = (name: string, start: number[] | undefined, count: number[] | undefined) => {
    const dataset = info(name);
    const from = start ?? dataset.shape.map(() => 0);
    const extent = count ?? dataset.shape.map((size, i) => size - from[i]);
    checkSlab(place, dataset, from, extent);
    if (elementBytes(dataset.type)) return { dataset, from, extent };
    throw new SpectraError("format", place, `${dataset.path} holds values of type ${dataset.type}, not numbers`);
  };

  return {
    path: place,
    info,
    datasets: () => listDatasets(module, id).map(info),
    attributes(name) {
      if (module.get_type(id, name) < 0) throw missing(place, name, listDatasets(module, id));
      return readAttributes(loaded, id, name);
    },
    read(name, start, count) {
      const { dataset, from, extent } = numeric(name, start, count);
      const total = extent.reduce((a, b) => a * b, 1);
      const [row] = rowMajor(extent);
      let all: NumericArray | undefined;
      stream(dataset, from, extent, (bytes, at) => {
        const piece = decode(bytes, dataset.type);
        if (piece.length === total) all = piece;
        else {
          all ??= new (piece.constructor as new (length: number) => NumericArray)(total);
          all.set(piece, at * row);
        }
      });
      return all ?? decode(new Uint8Array(0), dataset.type);
    },
    readFloat32(name, start, count, out, to = { offset: 0, strides: rowMajor(count) }) {
      const { dataset } = numeric(name, start, count);
      const { type } = dataset;
      checkRoom(out, count, to);
      if (direct.read(dataset.path, start, count, out, to)) return;
      const whole = type === "float32";
      // As integers no bit of a NaN changes on the way.
      const target = whole ? new Int32Array(out.buffer, out.byteOffset, out.length) : out;
      stream(dataset, start, count, (bytes, row, pieceCount) => {
        const values = whole
          ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
          : decode(bytes, type);
        const from = { offset: 0, strides: rowMajor(pieceCount) };
        scatter(values, from, pieceCount, target, { ...to, offset: to.offset + row * (to.strides[0] ?? 0) });
      });
    },
    plain: (name) => direct.plain(info(name).path),
    inflatedBytes: direct.inflatedBytes,
    strings(name) {
      const dataset = info(name);
      if (dataset.type !== "string")
        throw new SpectraError("format", place, `${dataset.path} holds ${dataset.type}, not text`);
      return readTexts(loaded, id, dataset.path);
    },
    close() {
      if (open) module.close_file(id);
      open = false;
      direct.close();
    },
  };
}

/** Rows of a piece: whole chunks, so that none is inflated for two pieces, unless that is more than eight times as many. */
function wholeChunks(rows: number, chunkRows = 1): number {
  const chunks = Math.floor(rows / chunkRows);
  if (chunks >= 1) return chunks * chunkRows;
  return chunkRows <= 8 * rows ? chunkRows : Math.max(1, Math.floor(rows));
}

/** All places of the slab must lie in the array. */
function checkRoom(out: Float32Array, count: number[], { offset, strides }: Placement): void {
  if (count.includes(0)) return;
  const reach = count.map((length, i) => (length - 1) * strides[i]);
  const low = reach.reduce((sum, way) => sum + Math.min(0, way), offset);
  const high = reach.reduce((sum, way) => sum + Math.max(0, way), offset);
  if (low < 0 || high >= out.length)
    throw new Error(`room for ${out.length} values, places ${low} to ${high} asked for`);
}

function checkFile(place: string): void {
  const status = statSync(place, { throwIfNoEntry: false });
  if (!status) throw new SpectraError("missing", place, `there is no file ${place}`);
  if (!status.isFile()) throw new SpectraError("format", place, `${place} is not a file`);
  if (status.size === 0) throw new SpectraError("format", place, `${place} is empty`);
}

function refusal(place: string, complaint: string): SpectraError {
  if (/signature not found/.test(complaint)) {
    return new SpectraError("format", place, `${place} is not an HDF5 file`);
  }
  if (/truncated/.test(complaint)) {
    return new SpectraError("format", place, `${place} is cut short (${complaint}); copy it again from its source`);
  }
  return new SpectraError("format", place, `${place} cannot be opened: ${complaint || "no reason given"}`);
}

function missing(place: string, name: string, datasets: string[]): SpectraError {
  const there = datasets.length ? `there are ${datasets.join(", ")}` : "the file holds no datasets";
  return new SpectraError("missing", place, `${place} has no ${name}; ${there}`);
}

function checkSlab(place: string, { path, shape }: DatasetInfo, start: number[], count: number[]): void {
  const inside =
    start.length === shape.length &&
    count.length === shape.length &&
    shape.every((size, i) => start[i] >= 0 && count[i] >= 0 && start[i] + count[i] <= size);
  if (!inside) {
    throw new SpectraError("shape", place, `${path} is [${shape}]; [${count}] from [${start}] is outside`);
  }
}

function unreadable(place: string, { path, filters }: DatasetInfo, complaint: string): SpectraError {
  const filter = /filter '(.*)' is not registered|can't open directory|dlopen|plugin/.test(complaint);
  const reason = filter
    ? `it is stored with ${filters.join(" + ")}, and a filter is not available here; rewrite it with gzip (h5repack -f GZIP=4)`
    : `${complaint || "no reason given"}; the file is damaged or incomplete`;
  return new SpectraError("format", place, `${path} of ${place} cannot be read: ${reason}`);
}
