import { messageOf, writeEdited } from "./edit-header.js";

/** A file whose dataset keeps its float32 values in another file, from its beginning. */
export function withExternalStorage(path: string, dataset: string, shape: number[], name: string, axis: Float64Array) {
  return writeEdited(path, dataset, shape, axis, (bytes, messages, append) => {
    const names = Buffer.alloc(8 + Math.ceil((name.length + 1) / 8) * 8);
    names.write(name, 8);
    const data = append(names);
    const heap = Buffer.alloc(32);
    heap.write("HEAP");
    heap.writeBigUInt64LE(BigInt(names.length), 8);
    // 1: no free list.
    heap.writeBigUInt64LE(1n, 16);
    heap.writeBigUInt64LE(BigInt(data), 24);
    const address = append(heap);

    // The empty room at the end of the header becomes the list of external files: one, from 0, as many bytes as the dataset has.
    const { at, size } = messageOf(messages, 0, 40);
    bytes.fill(0, at, at + size);
    bytes.writeUInt16LE(7, at - 8);
    bytes[at] = 1;
    bytes.writeUInt16LE(1, at + 4);
    bytes.writeUInt16LE(1, at + 6);
    bytes.writeBigUInt64LE(BigInt(address), at + 8);
    bytes.writeBigUInt64LE(8n, at + 16);
    bytes.writeBigUInt64LE(BigInt(4 * shape.reduce((a, b) => a * b, 1)), at + 32);
    // Contiguous, and nowhere in this file.
    const layout = messageOf(messages, 8, 18);
    bytes.fill(0xff, layout.at + 2, layout.at + 10);
  });
}
