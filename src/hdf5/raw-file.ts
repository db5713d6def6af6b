import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * Something in a file that is not read directly, or not as the format says: the library is asked instead, and reads it or
 * complains. Never reaches a user.
 */
export class NotPlain extends Error {}

/** The bytes of an HDF5 file by the addresses that stand in it, which count from its superblock. */
export interface RawFile {
  /** Fill `into` with the bytes from `address`; all of them lie in the file, or NotPlain. */
  read(address: number, into: Uint8Array): void;
  /** At most 1 MB of metadata. */
  cursor(address: number, length: number): Cursor;
  /** Bytes from the superblock to the end of the file. */
  readonly size: number;
  close(): void;
}

/** Little-endian numbers one after another; reading past the end is NotPlain. */
export interface Cursor {
  readonly left: number;
  byte(): number;
  /** An unsigned number of 1 to 8 bytes, below 2⁵³. */
  number(bytes: number): number;
  /** An address or length of 8 bytes. */
  offset(): number;
  /** An address of 8 bytes; undefined where none is set, which is written as all ones. */
  address(): number | undefined;
  take(bytes: number): Uint8Array;
  text(bytes: number): string;
}

const MAX_METADATA = 1 << 20;
const signature = "\x89HDF\r\n\x1a\n";

/** Open a file beside the library. Its superblock is at 0 or, behind a block of the user's (MATLAB's header), at 512, 1024, 2048 …; 8-byte addresses only. */
export function openRaw(path: string): RawFile {
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    for (let base = 0; base < size; base = base ? 2 * base : 512) {
      const file = rawFrom(descriptor, base, size - base);
      if (size - base < 64) break;
      const head = file.cursor(0, 64);
      if (head.text(8) === signature) {
        checkSuperblock(head, base);
        return file;
      }
    }
    throw new NotPlain("no superblock");
  } catch (thrown) {
    closeSync(descriptor);
    throw thrown;
  }
}

/** The address of the first byte of a bare file: 0 stands for values that were never written. */
export const BARE_START = 1;

/** Open a file of nothing but values, such as external storage names. */
export function openBare(path: string): RawFile {
  const descriptor = openSync(path, "r");
  return rawFrom(descriptor, -BARE_START, fstatSync(descriptor).size + BARE_START);
}

function checkSuperblock(head: Cursor, base: number): void {
  const version = head.byte();
  if (version > 3) throw new NotPlain(`superblock ${version}`);
  // Versions 0 and 1 name four more versions before the widths, and the sizes of tree nodes behind them.
  if (version < 2) head.take(4);
  const widths = [head.byte(), head.byte()];
  head.take(version === 0 ? 9 : version === 1 ? 13 : 1);
  if (widths[0] !== 8 || widths[1] !== 8 || head.offset() !== base) throw new NotPlain("addresses of another kind");
}

function rawFrom(descriptor: number, base: number, size: number): RawFile {
  const read = (address: number, into: Uint8Array) => {
    if (!(address >= 0 && address + into.length <= size)) throw new NotPlain("outside the file");
    for (let done = 0; done < into.length; ) {
      const got = readSync(descriptor, into, done, into.length - done, base + address + done);
      if (got === 0) throw new NotPlain("the file became shorter");
      done += got;
    }
  };
  return {
    size,
    read,
    cursor(address, length) {
      if (length > MAX_METADATA) throw new NotPlain("more metadata than is sensible");
      const bytes = new Uint8Array(length);
      read(address, bytes);
      return cursorOver(bytes);
    },
    close: () => closeSync(descriptor),
  };
}

export function cursorOver(bytes: Uint8Array): Cursor {
  let at = 0;
  const pass = (count: number) => {
    if (!(count >= 0 && at + count <= bytes.length)) throw new NotPlain("cut short");
    at += count;
  };
  const take = (count: number) => {
    pass(count);
    return bytes.subarray(at - count, at);
  };
  const number = (count: number) => {
    pass(count);
    let value = 0;
    for (let i = 1; i <= count; i++) value = value * 256 + bytes[at - i];
    if (value > Number.MAX_SAFE_INTEGER) throw new NotPlain("an address that is not set, or beyond 2⁵³");
    return value;
  };
  return {
    get left() {
      return bytes.length - at;
    },
    byte: () => number(1),
    number,
    offset: () => number(8),
    address() {
      pass(8);
      const unset = bytes.subarray(at - 8, at).every((byte) => byte === 255);
      if (unset) return undefined;
      at -= 8;
      return number(8);
    },
    take,
    text: (count) => Buffer.from(take(count)).toString("latin1"),
  };
}
