import { readSync } from "node:fs";

/** Kinds of header messages: how a dataset is stored, and where the header goes on. */
const LAYOUT = 8;
const CONTINUATION = 16;

/**
 * Find where a chunked dataset keeps the address of its chunk index, as an offset in the file; `header` is the address of its object
 * header. For files that the library has just written for us: object headers of version 1, nothing else.
 */
export function findChunkIndex(descriptor: number, header: number): number {
  const bytes = (at: number, length: number) => {
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, at);
    return buffer;
  };
  const number = (at: number) => Number(bytes(at, 8).readBigUInt64LE());
  const blocks = [{ start: header + 16, length: bytes(header + 8, 4).readUInt32LE() }];
  for (const { start, length } of blocks) {
    for (let at = start; at + 8 <= start + length; ) {
      const message = bytes(at, 8);
      const [kind, size] = [message.readUInt16LE(), message.readUInt16LE(2)];
      if (kind === CONTINUATION) blocks.push({ start: number(at + 8), length: number(at + 16) });
      if (kind === LAYOUT) {
        const [version, storage] = bytes(at + 8, 2);
        if (version === 3 && storage === 2) return at + 11;
        throw new Error(`the storage of the dataset is of kind ${storage}, version ${version}`);
      }
      at += 8 + size;
    }
  }
  throw new Error(`the header at ${header} does not say how the dataset is stored`);
}
