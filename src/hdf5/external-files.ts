import { messageKind, readHeader } from "./object-header.js";
import { cursorOver, NotPlain, type RawFile } from "./raw-file.js";

/** A stretch of a file outside that holds values of a dataset, as its header names it. */
export interface ExternalPart {
  readonly name: string;
  readonly offset: number;
  /** Infinity where the file says "to its end". */
  readonly bytes: number;
}

const UNLIMITED = 0xffff_ffff_ffff_ffffn;

/**
 * The files outside of an HDF5 file in which a dataset keeps its values, one behind the other; empty for any other dataset.
 * Format: HDF5 File Format Specification 3.0, IV.A.2.h (external data files) and III.D (local heaps).
 */
export function externalParts(file: RawFile, header: number): ExternalPart[] {
  const message = readHeader(file, header, [messageKind.external]).get(messageKind.external);
  if (!message) return [];
  // Version, three empty bytes, and for how many there is room.
  if (message.byte() !== 1) throw new NotPlain("a list of external files of another version");
  message.take(5);
  const count = message.number(2);
  const names = readHeap(file, message.offset());
  return Array.from({ length: count }, () => {
    const name = names(message.offset());
    const offset = message.offset();
    const bytes = Buffer.from(message.take(8)).readBigUInt64LE();
    return { name, offset, bytes: bytes === UNLIMITED ? Number.POSITIVE_INFINITY : Number(bytes) };
  });
}

/** The texts of a local heap by their place in it. */
function readHeap(file: RawFile, address: number): (at: number) => string {
  const head = file.cursor(address, 32);
  if (head.text(4) !== "HEAP") throw new NotPlain("no heap of names");
  head.take(4);
  const bytes = head.offset();
  head.take(8);
  const data = file.cursor(head.offset(), bytes).take(bytes);
  return (at) => {
    const cursor = cursorOver(data);
    cursor.take(at);
    const end = data.indexOf(0, at);
    return Buffer.from(cursor.take((end < 0 ? data.length : end) - at)).toString("utf8");
  };
}
