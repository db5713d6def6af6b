import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { findChunkIndex } from "./find-chunk-index.js";

/** A chunk of a dataset as it stands in the file: deflated by the caller, whole even at the edge of the dataset. */
export interface ReadyChunk {
  /** Path of the dataset. */
  readonly dataset: string;
  /** Its first element in each dimension; a multiple of the chunk shape. */
  readonly start: readonly number[];
  readonly bytes: Uint8Array;
}

/** The shape of a dataset and of its chunks, and the address of its object header. */
export interface ChunkedDataset {
  readonly header: number;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
}

/** Children of a node of a chunk index: twice the 32 that the library assumes where the file does not say. */
const CHILDREN = 64;
/** Where the superblock says how long the file is. */
const END_OF_FILE = 40;

/** A node or a chunk as its parent knows it. */
interface Child {
  readonly start: readonly number[];
  readonly size: number;
  readonly at: number;
}

/**
 * Add chunks that are deflated already to datasets of a closed file that have none yet. The library can only write a chunk that it
 * deflates itself, on the thread that writes; here the deflating is done by whoever has time for it. The bytes go to the end of
 * the file and a version 1 B-tree is built over them. Chunks come in ascending order of their starts within each dataset.
 * Format: HDF5 File Format Specification 3.0, III.A.1 (B-trees of chunked raw data) and II.A (superblock version 0).
 */
export function attachChunks(
  file: string,
  find: (dataset: string) => ChunkedDataset,
  chunks: Iterable<ReadyChunk>,
): void {
  const descriptor = openSync(file, "r+");
  try {
    let end = fstatSync(descriptor).size;
    const append = (bytes: Uint8Array) => {
      const at = end;
      writeAll(descriptor, bytes, at);
      // Addresses are kept at multiples of 8, as the library does.
      end += Math.ceil(bytes.length / 8) * 8;
      return at;
    };
    const leaves = new Map<string, Child[]>();
    for (const { dataset, start, bytes } of chunks) {
      const children = leaves.get(dataset) ?? [];
      leaves.set(dataset, children);
      children.push({ start, size: bytes.length, at: append(bytes) });
    }
    for (const [dataset, children] of leaves) {
      const { header, shape, chunks: size } = find(dataset);
      // A start that lies behind every chunk's.
      const beyond = [...shape.map((length, i) => (i ? 0 : Math.ceil(length / size[i]) * size[i])), 0];
      const root = writeTree(children, beyond, () => end, append);
      writeAll(descriptor, address(root), findChunkIndex(descriptor, header));
    }
    // The file must reach as far as it says, to the last padding.
    const { size } = fstatSync(descriptor);
    if (size < end) writeAll(descriptor, new Uint8Array(end - size), size);
    writeAll(descriptor, address(end), END_OF_FILE);
  } finally {
    closeSync(descriptor);
  }
}

/** Write the nodes of a chunk index level by level, the leaves first, and give the address of the root. */
function writeTree(
  chunks: readonly Child[],
  beyond: readonly number[],
  end: () => number,
  append: (bytes: Uint8Array) => number,
): number {
  const keyBytes = 8 + 8 * beyond.length;
  const nodeBytes = 24 + CHILDREN * 8 + (CHILDREN + 1) * keyBytes;
  let children = chunks;
  for (let level = 0; ; level++) {
    const count = Math.ceil(children.length / CHILDREN);
    const first = end();
    const stride = Math.ceil(nodeBytes / 8) * 8;
    const nodes: Child[] = [];
    for (let node = 0; node < count; node++) {
      const own = children.slice(node * CHILDREN, (node + 1) * CHILDREN);
      const bytes = new Uint8Array(nodeBytes);
      const view = new DataView(bytes.buffer);
      const setAddress = (at: number, value: number | undefined) =>
        view.setBigUint64(at, value === undefined ? 0xffffffffffffffffn : BigInt(value), true);
      const setKey = (at: number, start: readonly number[], size: number) => {
        view.setUint32(at, size, true);
        for (const [i, value] of start.entries()) setAddress(at + 8 + 8 * i, value);
      };
      bytes.set(Buffer.from("TREE"));
      bytes[4] = 1;
      bytes[5] = level;
      view.setUint16(6, own.length, true);
      setAddress(8, node > 0 ? first + (node - 1) * stride : undefined);
      setAddress(16, node + 1 < count ? first + (node + 1) * stride : undefined);
      let at = 24;
      for (const { start, size, at: child } of own) {
        setKey(at, start, size);
        setAddress(at + keyBytes, child);
        at += keyBytes + 8;
      }
      // The key after the last child lies beyond all of them.
      setKey(at, children[(node + 1) * CHILDREN]?.start ?? beyond, 0);
      nodes.push({ start: own[0].start, size: own[0].size, at: append(bytes) });
    }
    if (count === 1) return nodes[0].at;
    children = nodes;
  }
}

function address(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

function writeAll(descriptor: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
  }
}
