import { type Cursor, cursorOver, NotPlain, type RawFile } from "./raw-file.js";

/** The kinds of messages in a header that say where and how values are stored. */
export const messageKind = { type: 3, oldFill: 4, fill: 5, external: 7, layout: 8, continuation: 16 } as const;

/** A header holds at most so many blocks: a list of blocks that leads back into itself ends here. */
const MAX_BLOCKS = 64;

/** A stretch of messages, in the form of the header's version. */
interface Block {
  readonly address: number;
  readonly length: number;
}

/**
 * The messages of a dataset's object header by their kind, versions 1 and 2, with all continuation blocks; of some kinds only where they are named.
 * Checksums are not looked at: the library has opened the same header before and checked them.
 */
export function readHeader(
  file: RawFile,
  address: number,
  kinds: readonly number[] = Object.values(messageKind),
): Map<number, Cursor> {
  const wanted = new Set<number>(kinds);
  const found = new Map<number, Cursor>();
  const { first, version, ordered } = readPrefix(file, address);
  const blocks = [first];
  for (let index = 0; index < blocks.length; index++) {
    if (index === MAX_BLOCKS) throw new NotPlain("a header without end");
    const { cursor, tail } = openBlock(file, blocks[index], version, index > 0);
    const prefix = version === 1 ? 8 : ordered ? 6 : 4;
    while (cursor.left - tail >= prefix) {
      const kind = cursor.number(version === 1 ? 2 : 1);
      const size = cursor.number(2);
      const flags = cursor.byte();
      cursor.take(prefix - (version === 1 ? 5 : 4));
      const body = cursor.take(size);
      if (kind === messageKind.continuation) {
        const at = cursorOver(body);
        blocks.push({ address: at.offset(), length: at.offset() });
      } else if (wanted.has(kind)) {
        // 2: the message stands elsewhere and is shared. Twice the same kind: which one counts is the library's to say.
        if (flags & 2 || found.has(kind)) throw new NotPlain("a shared or double message");
        found.set(kind, cursorOver(body));
      }
    }
  }
  return found;
}

function readPrefix(file: RawFile, address: number): { first: Block; version: 1 | 2; ordered: boolean } {
  const head = file.cursor(address, 16);
  const start = head.take(4);
  if (start[0] === 1) {
    // Version, number of messages and reference count precede the length.
    head.take(4);
    return { first: { address: address + 16, length: head.number(4) }, version: 1, ordered: false };
  }
  const flags = head.take(2)[1];
  if (String.fromCharCode(...start) !== "OHDR") throw new NotPlain("no object header");
  const before = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  const length = file.cursor(address + before, width).number(width);
  // The length is that of the messages; the checksum of 4 bytes follows.
  return {
    first: { address: address + before + width, length: length + 4 },
    version: 2,
    ordered: (flags & 4) !== 0,
  };
}

/** A cursor at the first message of a block, and how many bytes behind the last one belong to none. */
function openBlock(file: RawFile, { address, length }: Block, version: 1 | 2, continued: boolean) {
  const cursor = file.cursor(address, length);
  if (version === 2 && continued && cursor.text(4) !== "OCHK") throw new NotPlain("no continuation");
  return { cursor, tail: version === 2 ? 4 : 0 };
}
