import { statSync } from "node:fs";
import { resolve } from "node:path";
import { SpectraError } from "../cube/errors.js";
import { openAsked } from "./ask.js";
import { type AttributeValue, readAttributes } from "./attributes.js";
import { checkChunks, checkHeld, touchedBytes } from "./claims.js";
import { describe, type Link, listObjects, readTexts, survey } from "./datasets.js";
import { type Located, openDirect, type PlainDataset } from "./open-direct.js";
import { foldersOf, openOther, withPlaces } from "./places.js";
import { type Placement, rowMajor, scatter } from "./scatter.js";
import { externalSources, libraryFinds, virtualSources } from "./sources.js";
import { decode, type ElementType, elementBytes, type NumericArray } from "./values.js";

export type { AttributeValue } from "./attributes.js";
export type { Link } from "./datasets.js";
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
  /** Where it really is, behind FILE: where that is in another file, when links lead to it. */
  behind?: string;
  /** The other file, where it is in one. */
  file?: string;
  /** The files that hold its values, where it is virtual or stored outside. */
  sources?: readonly string[];
}

/** An HDF5 file open for reading. `start` and `count` are a hyperslab, one entry a dimension; all of it if not given. */
export interface Hdf5File {
  path: string;
  /** Every dataset of the file, depth-first; soft and external links are not followed, a dataset linked twice comes once. */
  datasets(): DatasetInfo[];
  /** Every group of the file, "/" first. */
  groups(): readonly string[];
  /** Every soft and external link, and where it leads. */
  links(): readonly Link[];
  /** Attributes of a group or dataset, "/" for those of the file. */
  attributes(path: string): Record<string, AttributeValue>;
  /**
   * One dataset, behind links where they lead to one; an error "missing" lists those there are. A link that leads nowhere, and a virtual
   * dataset of which a source is missing, are errors.
   */
  info(path: string): DatasetInfo;
  /** The same, undefined where there is no dataset of that name. */
  find(path: string): DatasetInfo | undefined;
  /** Numbers, row-major in the dataset's own order. float16 comes as Float32Array, 64-bit integers as Float64Array. */
  read(path: string, start?: number[], count?: number[]): NumericArray;
  /**
   * The same numbers rounded to float32, into an array that exists: the fast way to stream blocks. They go to the beginning of it,
   * row-major, or to where `to` says. Plain datasets are read without the library.
   */
  readFloat32(path: string, start: number[], count: number[], out: Float32Array, to?: Placement): void;
  /** False only where it is certain that nothing of a slab was ever written, so that all of it is 0. */
  isWritten(path: string, start: number[], count: number[]): boolean;
  /** Refuse a dataset that is too large to be read as a whole, or claims to hold more than the file can: before room is made for it. */
  checkWhole(path: string): void;
  /** All that is needed to read a dataset without the library, as plain data to be posted; undefined when it is not plain. */
  plain(path: string): PlainDataset | undefined;
  /** Bytes that came out of filters so far, where the library was not needed. */
  inflatedBytes(): number;
  strings(path: string): string[];
  close(): void;
}

/** Read through the library in pieces of at most so many bytes, so that its memory stays small whatever is asked for. */
const pieceBytes = 32 << 20;

/** A virtual dataset may have thousands of sources, and each is looked into: as long as for a file of 10 MB. */
const PATIENT = 10e6;

export interface OpenOptions {
  /** Follow links, virtual datasets and external storage out of the folder of the file too; not if not given. */
  readonly followLinks?: boolean;
}

/** Open an HDF5 file for reading; MATLAB v7.3 files are such. The file stays open until `close`. */
export async function openHdf5(path: string, { followLinks = false }: OpenOptions = {}): Promise<Hdf5File> {
  const place = resolve(path);
  const size = checkFile(place);
  const asked = await openAsked(place, size, followLinks ? undefined : foldersOf(place));
  const { ask } = asked;
  const seen = ask((library, id) => survey(library, id, place));
  /** What stands in the file under a name, and what was checked of that. */
  const described = new Map(seen.datasets.map((located) => [located.info.path, located]));
  const checked = new Map<string, Located>();

  const describeNamed = (name: string): Located | undefined =>
    ask((library, id) =>
      withPlaces(library, { file: place, id }, followLinks, (places) => {
        const at = places.follow(name);
        if (!at || library.module.get_type(at.id, at.path) !== library.module.H5G_DATASET) return undefined;
        return describe(library, at, name);
      }),
    );
  /** The files that its values are in are asked for when it is wanted, not for every dataset that the file has. */
  const check = (located: Located): Located => {
    const { file, path: real, info } = located;
    checkChunks(file, info);
    // Chunks are in the file itself.
    const elsewhere = info.chunks ? { files: [], parts: [] } : externalSources(located, place, followLinks);
    const found =
      elsewhere ?? ask((library, id) => virtualSources(library, { file: place, id }, located, followLinks), 0, PATIENT);
    const behind = file !== place ? `${file}:${real}` : real !== info.path ? real : undefined;
    const sources = found.files.length ? found.files : undefined;
    return {
      ...located,
      info: { ...info, ...(behind && { behind }), ...(file !== place && { file }), ...(sources && { sources }) },
      parts: found.parts,
    };
  };
  const look = (named: string): Located | undefined => {
    const name = absolute(named);
    let located = checked.get(name);
    if (!located) {
      // Layouts are told by names that a file may have: the library is asked for those only that it was not seen to lack.
      const found = described.get(name) ?? (seen.objects.complete ? undefined : describeNamed(name));
      if (!found) return undefined;
      described.set(name, found);
      located = check(found);
      checked.set(name, located);
    }
    return located;
  };
  const known = (named: string): Located => {
    const located = look(named);
    if (located) return located;
    throw missing(place, absolute(named), objects().datasets);
  };
  /** All that is in the file; of one with many datasets not all has been seen. */
  let all = seen.datasets.length === seen.objects.datasets.length ? seen.objects : undefined;
  const objects = () => {
    all ??= ask(({ module }, id) => listObjects(module, id));
    return all;
  };
  const direct = openDirect(known);
  const info = (name: string): DatasetInfo => known(name).info;
  const checkRead = (name: string, values: number) => {
    const located = known(name);
    checkHeld(located.file, located.file === place ? size : checkFile(located.file), located, values);
  };

  /** Call `take` with the bytes of a hyperslab, piece by piece along the first dimension. */
  const stream = (
    dataset: DatasetInfo,
    start: number[],
    count: number[],
    take: (bytes: Uint8Array, row: number, count: number[]) => void,
  ) => {
    const { file, path: real, parts = [] } = known(dataset.path);
    if (!libraryFinds(parts)) throw outsideOnly(place, dataset);
    const rows = count.length ? count[0] : 1;
    const rowBytes = elementBytes(dataset.type) * count.slice(1).reduce((a, b) => a * b, 1);
    const rowsPerPiece = wholeChunks(pieceBytes / Math.max(1, rowBytes), dataset.chunks?.[0]);
    for (let row = 0; row < rows && rowBytes; row += rowsPerPiece) {
      const rowsNow = Math.min(rowsPerPiece, rows - row);
      const pieceStart = count.length ? [start[0] + row, ...start.slice(1)] : [];
      const pieceCount = count.length ? [rowsNow, ...count.slice(1)] : [];
      const bytes = ask(
        (library, id) => {
          const { module, complaint, scratch, refusedRead } = library;
          const offset = scratch(rowsNow * rowBytes).byteOffset;
          const at = file === place ? id : openOther(library, file);
          const status = module.get_dataset_data(
            at,
            real,
            pieceCount.map(BigInt),
            pieceStart.map(BigInt),
            pieceCount.map(() => 1n),
            BigInt(offset),
          );
          if (at !== id) module.close_file(at);
          const refused = refusedRead();
          if (refused !== undefined) throw notAllowed(place, dataset, refused);
          if (status < 0) throw unreadable(place, dataset, complaint());
          // The library's memory may have grown and moved during the call.
          return new Uint8Array(module.HEAPU8.buffer, offset, rowsNow * rowBytes);
        },
        touchedBytes(dataset, pieceStart, pieceCount),
        file === place && !dataset.sources ? size : sizeOf([file, ...(dataset.sources ?? [])]),
      );
      take(bytes, row, pieceCount);
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
    find: (name) => look(name)?.info,
    datasets() {
      const missed = objects().datasets.filter((name) => !described.has(name));
      ask((library, id) => {
        for (const path of missed) described.set(path, describe(library, { file: place, id, path }, path));
      });
      return objects().datasets.map((name) => described.get(name)!.info);
    },
    groups: () => objects().groups,
    links: () => objects().links,
    attributes(name) {
      if (name === "/") return seen.attributes;
      const dataset = described.get(absolute(name));
      if (dataset) return dataset.info.attributes;
      const found = ask((library, id) =>
        withPlaces(library, { file: place, id }, followLinks, (places) => {
          const at = places.follow(name);
          return at && readAttributes(library, at.id, at.path);
        }),
      );
      if (!found) throw missing(place, name, objects().datasets);
      return found;
    },
    read(name, start, count) {
      const { dataset, from, extent } = numeric(name, start, count);
      const total = extent.reduce((a, b) => a * b, 1);
      checkRead(name, total);
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
    isWritten: (name, start, count) => direct.isWritten(info(name).path, start, count),
    checkWhole: (name) =>
      checkRead(
        name,
        info(name).shape.reduce((a, b) => a * b, 1),
      ),
    plain: (name) => direct.plain(info(name).path),
    inflatedBytes: direct.inflatedBytes,
    strings(name) {
      const dataset = info(name);
      if (dataset.type !== "string")
        throw new SpectraError("format", place, `${dataset.path} holds ${dataset.type}, not text`);
      const { file, path: real } = known(name);
      return ask((library, id) => {
        const at = file === place ? id : openOther(library, file);
        const texts = readTexts(library, at, real);
        if (at !== id) library.module.close_file(at);
        return texts;
      });
    },
    close() {
      asked.close();
      direct.close();
    },
  };
}

const absolute = (name: string) => `/${name.replace(/^\/+|\/+$/g, "")}`;

const sizeOf = (files: readonly string[]) => files.reduce((sum, file) => sum + statSync(file).size, 0);

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

/** The length of a file that can be read. */
function checkFile(place: string): number {
  // A name with a NUL in it is none that a file can have.
  const status = place.includes("\0") ? undefined : statSync(place, { throwIfNoEntry: false });
  if (!status) throw new SpectraError("missing", place, `there is no file ${place}`);
  if (!status.isFile()) throw new SpectraError("format", place, `${place} is not a file`);
  if (status.size === 0) throw new SpectraError("format", place, `${place} is empty`);
  return status.size;
}

function missing(place: string, name: string, datasets: readonly string[]): SpectraError {
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

function notAllowed(place: string, { path }: DatasetInfo, wanted: string): SpectraError {
  return new SpectraError(
    "format",
    place,
    `${path} of ${place} needs ${wanted}, which is not in its folder nor below it; if that file is to be read, say --follow-links`,
  );
}

function outsideOnly(place: string, { path, type, sources = [] }: DatasetInfo): SpectraError {
  return new SpectraError(
    "format",
    place,
    `${path} of ${place} keeps its ${type} values outside, in ${sources.join(", ")}, in a form that is not read here; ` +
      "in its folder, write it as one file first: h5repack FILE whole.h5",
  );
}
