import { type ChunkIndex, nothingWritten, openIndex, readChunkTree } from "./chunk-tree.js";
import { messageKind, readHeader } from "./object-header.js";
import type { DatasetInfo } from "./open.js";
import { isPlainType } from "./plain-type.js";
import { BARE_START, type Cursor, NotPlain, type RawFile } from "./raw-file.js";
import { elementBytes } from "./values.js";

/** A filter as the library names it: its number and its parameters. */
export interface Filter {
  readonly id: number;
  readonly cd_values: readonly number[];
}

/** How the values of a dataset lie in its file. A contiguous dataset is one chunk without filters. */
export interface Storage {
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  readonly grid: readonly number[];
  readonly index: ChunkIndex;
  /** In the order in which they were applied. */
  readonly filters: readonly Filter[];
}

/** Chunks above this are left to the library. */
const MAX_CHUNK = 1 << 30;

const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

/**
 * Read where the values of a dataset are. Shape, type and filters are what the library found; NotPlain when its layout is not one of the
 * plain ones. `outside` is where the values are when they are in another file in one piece.
 */
export function readStorage(
  file: RawFile,
  address: number,
  info: DatasetInfo,
  filters: readonly Filter[],
  outside?: { readonly offset: number; readonly bytes: number },
): Storage {
  const messages = readHeader(file, address);
  const type = messages.get(messageKind.type);
  const layout = messages.get(messageKind.layout);
  if (!type || !layout || messages.has(messageKind.external) !== (outside !== undefined)) {
    throw new NotPlain("values elsewhere");
  }
  if (!isPlainType(type, info.type) || !info.shape.length || !product(info.shape)) throw new NotPlain("other values");
  checkFill(messages);
  const chunk = info.chunks ?? info.shape;
  const grid = info.shape.map((length, i) => Math.ceil(length / chunk[i]));
  const whole = { shape: info.shape, chunk, grid, filters };
  if (outside) {
    if (info.chunks || filters.length || outside.bytes < product(info.shape) * elementBytes(info.type)) {
      throw new NotPlain("values elsewhere");
    }
    return { ...whole, index: one(file, outside.offset + BARE_START, 0) };
  }
  const version = layout.byte();
  if (version !== 3 && version !== 4) throw new NotPlain("an old layout");
  const kind = layout.byte();
  if (kind === 1 && !info.chunks && !filters.length) return { ...whole, index: contiguous(file, layout, info) };
  if (kind !== 2 || !info.chunks) throw new NotPlain("a layout of another kind");
  if (chunk.length !== info.shape.length || product(chunk) * elementBytes(info.type) > MAX_CHUNK) {
    throw new NotPlain("chunks too large");
  }
  const index = version === 3 ? treeOf(file, layout, info, chunk) : newIndexOf(file, layout, info, chunk, filters);
  return { ...whole, index };
}

/** Where nothing was written a dataset reads as its fill value: here only 0. */
function checkFill(messages: Map<number, Cursor>): void {
  const old = messages.get(messageKind.oldFill);
  const fill = messages.get(messageKind.fill);
  if (old?.take(old.left).subarray(4).some(Boolean)) throw new NotPlain("a fill value");
  if (!fill) return;
  const version = fill.byte();
  if (version < 1 || version > 3) throw new NotPlain("a fill value");
  // Times of allocation and of writing; then whether there is a value, its size, and the value.
  fill.take(version === 3 ? 1 : 3);
  if (fill.left < 4) return;
  const size = fill.number(4);
  if (size && fill.take(size).some(Boolean)) throw new NotPlain("a fill value");
}

function contiguous(file: RawFile, layout: Cursor, { shape, type }: DatasetInfo): ChunkIndex {
  const address = layout.address();
  if (address === undefined) return nothingWritten();
  const bytes = layout.offset();
  if (bytes !== product(shape) * elementBytes(type) || address + bytes > file.size) throw new NotPlain("cut short");
  return one(file, address, 0);
}

/** The length of an unfiltered chunk follows from its shape; 0 stands for it. */
function one(file: RawFile, address: number, bytes: number, leftOut = 0): ChunkIndex {
  const index = openIndex(file, 1);
  index.address[0] = address;
  index.bytes[0] = bytes;
  index.leftOut[0] = leftOut;
  return index;
}

function treeOf(file: RawFile, layout: Cursor, { shape, type }: DatasetInfo, chunk: readonly number[]): ChunkIndex {
  const dimensions = layout.byte();
  const root = layout.address();
  const written = Array.from({ length: dimensions }, () => layout.number(4));
  if (written.join() !== [...chunk, elementBytes(type)].join()) throw new NotPlain("chunks of another shape");
  return root === undefined ? nothingWritten() : readChunkTree(file, root, shape, chunk);
}

/** The newer indexes that need no lookup: one chunk alone, and all chunks one after another. */
function newIndexOf(
  file: RawFile,
  layout: Cursor,
  { shape, type }: DatasetInfo,
  chunk: readonly number[],
  filters: readonly Filter[],
): ChunkIndex {
  const flags = layout.byte();
  const dimensions = layout.byte();
  const width = layout.byte();
  const written = Array.from({ length: dimensions }, () => layout.number(width));
  const kind = layout.byte();
  if (written.join() !== [...chunk, elementBytes(type)].join() || flags & ~2) throw new NotPlain("other chunks");
  const chunks = product(shape.map((length, i) => Math.ceil(length / chunk[i])));
  if (kind === 1 && chunks === 1) {
    const filtered = (flags & 2) !== 0;
    if (filtered !== filters.length > 0) throw new NotPlain("filters of another kind");
    const [bytes, leftOut] = filtered ? [layout.offset(), layout.number(4)] : [0, 0];
    const address = layout.address();
    if (address === undefined) return nothingWritten();
    if (leftOut > 255 || address + bytes > file.size) throw new NotPlain("no chunk");
    return one(file, address, bytes, leftOut);
  }
  // What each kind of index says of itself before its address, in bytes.
  const own = { 3: 1, 4: 5, 5: 6 }[kind];
  if (own) {
    layout.take(own);
    if (layout.address() === undefined) return nothingWritten();
  }
  if (kind !== 2 || filters.length) throw new NotPlain("an index of another kind");
  const first = layout.offset();
  const index = openIndex(file, chunks);
  const bytes = product(chunk) * elementBytes(type);
  for (let i = 0; i < chunks; i++) index.address[i] = first + i * bytes;
  return index;
}
