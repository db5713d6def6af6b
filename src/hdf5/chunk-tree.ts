import { NotPlain, type RawFile } from "./raw-file.js";

/** Where the chunks of a dataset are, by their number: row-major over the grid of chunks. */
export interface ChunkIndex {
  /** 0 where a chunk was never written; no places at all where none was. */
  readonly address: Float64Array;
  readonly bytes: Uint32Array;
  /** A bit for each filter that was left out for this chunk. */
  readonly leftOut: Uint8Array;
}

/** Chunks that any file may claim to have: 13 MB of index. */
const MOST_CLAIMED = 1 << 20;

/**
 * An empty index over so many chunks. A file holds an entry of at least 32 bytes for each chunk that was written, so that a small file
 * gets no large index.
 */
export function openIndex(file: RawFile, chunks: number): ChunkIndex {
  if (!(chunks <= Math.max(MOST_CLAIMED, file.size / 8)))
    throw new NotPlain("more chunks than a file of this size has room for");
  return { address: new Float64Array(chunks), bytes: new Uint32Array(chunks), leftOut: new Uint8Array(chunks) };
}

/** The index of a dataset of which nothing was ever written, whatever its size: it lists no chunk. */
export function nothingWritten(): ChunkIndex {
  return { address: new Float64Array(0), bytes: new Uint32Array(0), leftOut: new Uint8Array(0) };
}

/** Whether any chunk that a slab touches was written; the places of chunks in the grid are looked through, not their values. */
export function isWritten(
  { address }: ChunkIndex,
  { chunk, grid }: { readonly chunk: readonly number[]; readonly grid: readonly number[] },
  start: readonly number[],
  count: readonly number[],
): boolean {
  if (!address.length || count.includes(0)) return false;
  const within = (depth: number, cell: number): boolean => {
    if (depth === grid.length) return address[cell] > 0;
    const last = Math.floor((start[depth] + count[depth] - 1) / chunk[depth]);
    for (let place = Math.floor(start[depth] / chunk[depth]); place <= last; place++) {
      if (within(depth + 1, cell * grid[depth] + place)) return true;
    }
    return false;
  };
  return within(0, 0);
}

/**
 * Read a version-1 B-tree of chunks. The library finds a chunk by searching in it; all are found here and nowhere else only if the keys
 * ascend through the whole tree and lie within those of the node above, so that is asked of it. It also ends every loop.
 */
export function readChunkTree(
  file: RawFile,
  root: number,
  shape: readonly number[],
  chunk: readonly number[],
): ChunkIndex {
  const grid = shape.map((length, i) => Math.ceil(length / chunk[i]));
  const index = openIndex(
    file,
    grid.reduce((a, b) => a * b, 1),
  );
  const keyBytes = 8 + 8 * (grid.length + 1);
  let last = -1;

  /** The key behind the last chunk is past it in some dimension, so that places are numbered with one more in each. */
  const readNode = (address: number, level: number | undefined, from: number, to: number): void => {
    const head = file.cursor(address, 24);
    const tree = head.text(4) === "TREE" && head.byte() === 1;
    const depth = head.byte();
    const entries = head.number(2);
    if (!tree || !entries || depth > 16 || (level !== undefined && depth !== level))
      throw new NotPlain("no tree of chunks");
    const body = file.cursor(address + 24, entries * (keyBytes + 8) + keyBytes);
    const readKey = () => {
      const bytes = body.number(4);
      const leftOut = body.number(4);
      let order = 0;
      let cell = 0;
      for (let i = 0; i < grid.length; i++) {
        const scaled = body.offset() / chunk[i];
        if (!Number.isInteger(scaled) || scaled > grid[i]) throw new NotPlain("a chunk outside the dataset");
        order = order * (grid[i] + 1) + scaled;
        cell = scaled < grid[i] ? cell * grid[i] + scaled : Number.NaN;
      }
      // The offset within an element: only the key behind the last chunk has one.
      const within = body.offset() !== 0;
      return { bytes, leftOut, order: 2 * order + (within ? 1 : 0), cell: within ? Number.NaN : cell };
    };
    let key = readKey();
    if (key.order < from) throw new NotPlain("keys out of order");
    for (let entry = 0; entry < entries; entry++) {
      const child = body.offset();
      const next = readKey();
      if (!(key.order < next.order && key.order < to)) throw new NotPlain("keys out of order");
      if (depth > 0) readNode(child, depth - 1, key.order, Math.min(to, next.order));
      else {
        const { cell, bytes, leftOut, order } = key;
        if (
          Number.isNaN(cell) ||
          order <= last ||
          child === 0 ||
          !bytes ||
          leftOut > 255 ||
          child + bytes > file.size
        ) {
          throw new NotPlain("no chunk");
        }
        last = order;
        index.address[cell] = child;
        index.bytes[cell] = bytes;
        index.leftOut[cell] = leftOut;
      }
      key = next;
    }
  };
  readNode(root, undefined, 0, Number.POSITIVE_INFINITY);
  return index;
}
