import { messageOf, writeEdited } from "./edit-header.js";

/** All of a dataset, laid into some rows of the virtual one. */
export interface Source {
  readonly file: string;
  readonly dataset: string;
  readonly row: number;
  readonly rows: number;
}

/** A file whose dataset is virtual: put together from rows of others. */
export function writeVirtual(path: string, dataset: string, shape: number[], sources: Source[], axis: Float64Array) {
  return writeEdited(path, `/${dataset}`, shape, axis, (bytes, messages, append) => {
    const entries = sources.flatMap(({ file, dataset: source, row, rows }) => [
      Buffer.from(`${file}\0${source}\0`),
      // The selection "all", then a hyperslab of one block: its first and its last place.
      numbers([3, 1, 0, 0]),
      numbers([2, 1, 0, 8 + 8 * shape.length, shape.length, 1]),
      numbers([row, ...shape.slice(1).map(() => 0)]),
      numbers([row + rows - 1, ...shape.slice(1).map((length) => length - 1)]),
    ]);
    const head = Buffer.alloc(9);
    head.writeBigUInt64LE(BigInt(sources.length), 1);
    const block = Buffer.concat([head, ...entries]);
    const object = Buffer.concat([block, numbers([lookup3(block)])]);
    // A heap holds 4096 bytes or more; what is left of it is object 0.
    const room = Math.ceil(object.length / 8) * 8;
    const heap = Buffer.alloc(Math.max(4096, 16 + 16 + room + 16));
    heap.write("GCOL\x01");
    heap.writeBigUInt64LE(BigInt(heap.length), 8);
    heap.writeUInt16LE(1, 16);
    heap.writeUInt16LE(1, 18);
    heap.writeBigUInt64LE(BigInt(object.length), 24);
    object.copy(heap, 32);
    heap.writeBigUInt64LE(BigInt(heap.length - 32 - room), 32 + room + 8);
    const address = append(heap);
    const { at, size } = messageOf(messages, 8, 14);
    bytes.fill(0, at, at + size);
    bytes[at] = 4;
    bytes[at + 1] = 3;
    bytes.writeBigUInt64LE(BigInt(address), at + 2);
    bytes.writeUInt32LE(1, at + 10);
  });
}

function numbers(values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, 4 * i);
  return bytes;
}

/** Bob Jenkins's hash of 2006, which HDF5 takes for its sums. */
function lookup3(bytes: Uint8Array): number {
  const turn = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  let a = (0xdeadbeef + bytes.length) | 0;
  let [b, c] = [a, a];
  const word = (at: number) => [0, 1, 2, 3].reduce((sum, i) => sum | ((bytes[at + i] ?? 0) << (8 * i)), 0);
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = ((a - c) ^ turn(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turn(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turn(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ turn(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turn(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turn(b, 4)) | 0;
    b = (b + a) | 0;
  }
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  c = (c + word(at + 8)) | 0;
  const values = [a, b, c];
  // Each in turn takes what the one before it gives: c from b, a from c, b from a.
  let place = 2;
  for (const k of [14, 11, 25, 16, 4, 14, 24]) {
    const before = values[(place + 2) % 3];
    values[place] = ((values[place] ^ before) - turn(before, k)) | 0;
    place = (place + 1) % 3;
  }
  return values[2] >>> 0;
}
