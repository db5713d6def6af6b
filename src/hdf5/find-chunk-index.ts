import { readSync } from "node:fs";

/** Kinds of header messages: what a dataset's storage is, where a header goes on, and a group's old-style table. */
const LAYOUT = 8;
const CONTINUATION = 16;
const SYMBOL_TABLE = 17;

/**
 * Find where a chunked dataset at the root of a file keeps the address of its chunk index, as an offset in the file.
 * For files that the library has just written for us: superblock and object headers of version 0 and 1, nothing else.
 */
export function findChunkIndex(descriptor: number, path: string): number {
  const name = path.replace(/^\//, "");
  const bytes = (at: number, length: number) => {
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, at);
    return buffer;
  };
  const address = (at: number) => Number(bytes(at, 8).readBigUInt64LE());

  /** Messages of an object header: kind, and where the body lies. */
  function* messages(header: number): Generator<[kind: number, body: number]> {
    const blocks = [[header + 16, bytes(header + 8, 4).readUInt32LE()]];
    for (const [start, length] of blocks) {
      for (let at = start; at + 8 <= start + length; ) {
        const head = bytes(at, 8);
        if (head.readUInt16LE() === CONTINUATION) blocks.push([address(at + 8), address(at + 16)]);
        yield [head.readUInt16LE(), at + 8];
        at += 8 + head.readUInt16LE(2);
      }
    }
  }
  const message = (header: number, wanted: number) => {
    for (const [kind, body] of messages(header)) if (kind === wanted) return body;
    throw new Error(`the header at ${header} has no message of kind ${wanted}`);
  };

  const group = message(address(64), SYMBOL_TABLE);
  const names = address(address(group + 8) + 24);
  const headerOf = (node: number): number | undefined => {
    const head = bytes(node, 8);
    const leaf = head.toString("latin1", 0, 4) === "SNOD";
    const entries = head.readUInt16LE(6);
    for (let i = 0; i < entries; i++) {
      if (leaf) {
        const entry = node + 8 + 40 * i;
        const text = bytes(names + address(entry), name.length + 1).toString("latin1");
        if (text === `${name}\0`) return address(entry + 8);
      } else {
        const found = headerOf(address(node + 32 + 16 * i));
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  const header = headerOf(address(group));
  if (header === undefined) throw new Error(`there is no ${name} at the root`);
  const layout = message(header, LAYOUT);
  const [version, kind] = bytes(layout, 2);
  if (version !== 3 || kind !== 2) throw new Error(`${name} has storage of kind ${kind}, version ${version}`);
  return layout + 3;
}
