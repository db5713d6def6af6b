import { dirname, resolve } from "node:path";
import { SpectraError } from "../cube/errors.js";
import { type BegunFile, beginFile, telling, unwritable } from "../cube/write-file.js";
import { attachChunks, type ChunkedDataset, type ReadyChunk } from "./attach-chunks.js";
import { type AttributeValue, writeAttribute } from "./attributes.js";
import { headerAddress } from "./datasets.js";
import type { Module } from "./instance.js";
import { borrowLibrary, type Library } from "./library.js";
import { type ElementType, elementBytes, type NumericArray, viewAs } from "./values.js";

/** The kinds of numbers that are written. */
export type WrittenType = "float32" | "float64" | "uint8" | "uint16" | "int32" | "uint32";

export interface DatasetSpec {
  shape: number[];
  type: WrittenType;
  /** The shape of a chunk, cut to the shape of the dataset; contiguous if not given, one chunk if only `gzip` is. */
  chunks?: number[];
  /** Level of compression, 1–9; plain if not given. */
  gzip?: number;
  attributes?: Record<string, AttributeValue | undefined>;
}

/** A dataset that exists and is filled slab by slab; what is never written reads as 0. */
export interface DatasetWriter {
  /** Row-major values of the hyperslab; converted to the type of the dataset as a typed array converts. */
  write(start: number[], count: number[], data: ArrayLike<number> & ArrayBufferView): void;
}

/** An HDF5 file while it is being written. Groups on the way to a dataset are made. */
export interface Hdf5Writer {
  dataset(path: string, spec: DatasetSpec): DatasetWriter;
  /** A whole dataset at once, of the type of the array; a text is a scalar, texts a list. */
  put(path: string, data: NumericArray | string | string[], options?: Partial<Omit<DatasetSpec, "type">>): void;
  /** Attributes of a group, which is made if missing, or of a dataset; "/" for those of the file. `undefined` is not written. */
  attributes(path: string, values: Record<string, AttributeValue | undefined>): void;
}

/** Pass values to the library in pieces of at most so many bytes. */
const pieceBytes = 32 << 20;

/**
 * Write an HDF5 file: under a temporary name in the same folder, renamed when it is complete and the disk has taken all of it.
 * When `fill` throws, or the disk is full, the temporary file is removed and a file that was there before is untouched.
 * Chunks that are deflated already are given as `ready`, for datasets that `fill` made with `gzip` and left empty.
 */
export async function createHdf5<T>(
  path: string,
  fill: (file: Hdf5Writer) => Promise<T> | T,
  ready?: () => Iterable<ReadyChunk>,
): Promise<T> {
  const place = resolve(path);
  const lib = await borrowLibrary();
  const { module } = lib;
  let begun: BegunFile;
  try {
    begun = beginFile(place);
  } catch (refused) {
    lib.giveBack("sound");
    throw refused;
  }
  const { temporary } = begun;
  const id = module.open(temporary, module.H5F_ACC_TRUNC, false);

  let open = id >= 0n;
  let state: "sound" | "doubtful" = "doubtful";
  const check = () => {
    const refused = lib.refusedWrite(temporary);
    if (refused) throw unwritable(place, refused);
  };
  const made = new Map<string, ChunkedDataset>();
  try {
    if (!open) check();
    if (!open) throw new SpectraError("disk", place, `${place} cannot be written: ${lib.complaint()}`);
    const result = await fill(writer(lib, id, place, check, made));
    open = false;
    const status = module.close_file(id);
    check();
    if (status < 0) throw new SpectraError("disk", place, `${place} could not be completed: ${lib.complaint()}`);
    if (ready) telling(place, () => attachChunks(temporary, (path) => made.get(path)!, ready()));
    begun.finish();
    state = "sound";
    return result;
  } catch (error) {
    if (open) module.close_file(id);
    begun.abandon();
    throw error;
  } finally {
    lib.giveBack(state);
  }
}

/** The shape of the chunks of a dataset, cut to its own. */
function chunkShape({ shape, chunks = shape }: DatasetSpec): number[] {
  return chunks.map((size, i) => Math.max(1, Math.min(size, shape[i])));
}

function writer(
  lib: Library,
  id: bigint,
  place: string,
  check: () => void,
  made: Map<string, ChunkedDataset>,
): Hdf5Writer {
  const { module } = lib;
  const failed = (what: string) => {
    check();
    return new SpectraError("format", place, `${what} of ${place} could not be written: ${lib.complaint()}`);
  };
  const makeGroups = (path: string) => {
    const parts = path.split("/").filter(Boolean);
    for (let depth = 1; depth <= parts.length; depth++) {
      const group = `/${parts.slice(0, depth).join("/")}`;
      if (module.get_type(id, group) < 0) module.create_group(id, group, false);
    }
  };
  const attributes = (path: string, values: Record<string, AttributeValue | undefined>) => {
    if (path !== "/" && module.get_type(id, path) < 0) makeGroups(path);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue;
      lib.complaint();
      writeAttribute(module, id, path, name, value);
      if (!module.get_attribute_names(id, path).includes(name) || lib.complaint()) {
        throw failed(`attribute ${name} of ${path}`);
      }
    }
  };

  const file: Hdf5Writer = {
    attributes,
    dataset(path, spec) {
      makeGroups(dirname(path));
      createDataset(module, id, path, spec);
      if (module.get_type(id, path) !== module.H5G_DATASET) throw failed(path);
      made.set(path, { header: headerAddress(module, id, path), shape: spec.shape, chunks: chunkShape(spec) });
      lib.complaint();
      attributes(path, spec.attributes ?? {});
      return {
        write(start, count, data) {
          const total = count.reduce((a, b) => a * b, 1);
          if (data.length !== total) throw new Error(`${data.length} values for a slab of [${count}]`);
          writeSlab(lib, id, path, spec.type, start, count, data, () => failed(path));
        },
      };
    },
    put(path, data, options = {}) {
      if (typeof data === "string" || Array.isArray(data)) {
        lib.complaint();
        makeGroups(dirname(path));
        putTexts(module, id, path, data);
        if (module.get_type(id, path) !== module.H5G_DATASET || lib.complaint()) throw failed(path);
        attributes(path, options.attributes ?? {});
        return;
      }
      const shape = options.shape ?? [data.length];
      const dataset = file.dataset(path, { ...options, shape, type: writtenType(data) });
      if (data.length)
        dataset.write(
          shape.map(() => 0),
          shape,
          data,
        );
    },
  };
  return file;
}

function createDataset(module: Module, id: bigint, path: string, spec: DatasetSpec): void {
  const { H5T_FLOAT, H5T_INTEGER } = module.H5T_class_t;
  const shape = spec.shape.map(BigInt);
  module.create_dataset(
    id,
    path,
    // No values: the library makes the dataset, then complains that there is nothing to write. h5wasm has no other way
    // of making a dataset that does not pass all of it through memory.
    0n,
    shape,
    shape,
    spec.chunks || spec.gzip ? chunkShape(spec).map(BigInt) : null,
    spec.type.startsWith("float") ? H5T_FLOAT.value : H5T_INTEGER.value,
    elementBytes(spec.type),
    spec.type.startsWith("int"),
    false,
    spec.gzip ? module.H5Z_FILTER_DEFLATE : 0,
    spec.gzip ? [spec.gzip] : [],
    false,
  );
}

function writeSlab(
  { module, scratch }: Library,
  id: bigint,
  path: string,
  type: WrittenType,
  start: number[],
  count: number[],
  data: ArrayLike<number>,
  failed: () => SpectraError,
): void {
  const bytes = elementBytes(type);
  const rows = count.length ? count[0] : 1;
  const rowValues = count.slice(1).reduce((a, b) => a * b, 1);
  const rowsPerPiece = Math.max(1, Math.floor(pieceBytes / Math.max(1, rowValues * bytes)));
  const part = data as unknown as { subarray(from: number, to: number): ArrayLike<number> };
  for (let row = 0; row < rows && rowValues; row += rowsPerPiece) {
    const rowsNow = Math.min(rowsPerPiece, rows - row);
    const room = scratch(rowsNow * rowValues * bytes);
    viewAs(room, type).set(part.subarray(row * rowValues, (row + rowsNow) * rowValues));
    const status = module.set_dataset_data(
      id,
      path,
      (count.length ? [rowsNow, ...count.slice(1)] : []).map(BigInt),
      (count.length ? [start[0] + row, ...start.slice(1)] : []).map(BigInt),
      count.map(() => 1n),
      BigInt(room.byteOffset),
    );
    if (status < 0) throw failed();
  }
}

function putTexts(module: Module, id: bigint, path: string, data: string | string[]): void {
  const shape = Array.isArray(data) ? [BigInt(data.length)] : [];
  const { H5T_STRING } = module.H5T_class_t;
  const texts = Array.isArray(data) ? data : [data];
  module.create_vlen_str_dataset(id, path, texts, shape, shape, null, H5T_STRING.value, 4, false, true, false);
}

function writtenType(data: NumericArray): WrittenType {
  const type = data.constructor.name.replace("Array", "").toLowerCase() as ElementType;
  const known: readonly string[] = ["float32", "float64", "uint8", "uint16", "int32", "uint32"];
  if (!known.includes(type)) throw new Error(`numbers of type ${type} are not written`);
  return type as WrittenType;
}
