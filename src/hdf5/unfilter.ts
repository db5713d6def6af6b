import { inflateSync } from "node:zlib";
import { NotPlain } from "./raw-file.js";
import type { Filter } from "./storage.js";

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER = 3;

/** The most that a byte of a deflate stream can become. */
const DEFLATE_MOST = 1032;

/** Whether a chunk that went through these filters can be brought back here: their parameters must be those that the library takes. */
export function canUnfilter(filters: readonly Filter[], elementBytes: number): boolean {
  const known = ({ id, cd_values: [parameter, ...more] }: Filter) =>
    id === FLETCHER ||
    (more.length === 0 && ((id === DEFLATE && parameter <= 9) || (id === SHUFFLE && parameter === elementBytes)));
  return filters.length <= 8 && filters.every(known);
}

/**
 * A chunk as it was before the filters: the last is undone first. What comes out must have `bytes` bytes, and nothing larger is ever
 * made on the way. A shuffle that would come last is left to the caller, who may do it on the way to where the values belong.
 */
export function unfilter(
  stored: Uint8Array,
  filters: readonly Filter[],
  leftOut: number,
  bytes: number,
): { values: Uint8Array; shuffled: boolean } {
  let values = stored;
  let shuffled = false;
  for (let i = filters.length - 1; i >= 0; i--) {
    if ((leftOut >> i) & 1) continue;
    const { id } = filters[i];
    if (id === FLETCHER) values = checked(values);
    else if (id === DEFLATE) values = inflated(values, bytes + 4 * filters.length);
    else if (i === 0) shuffled = true;
    else throw new NotPlain("a shuffle between other filters");
  }
  if (values.length !== bytes) throw new NotPlain("a chunk of another length");
  return { values, shuffled };
}

function inflated(stored: Uint8Array, most: number): Uint8Array {
  // A stream this short cannot fill the chunk; asked before room is made for it.
  if (stored.length * DEFLATE_MOST + 64 < most - 64) throw new NotPlain("a stream too short");
  try {
    // One piece of the right size: by default zlib gathers pieces of 16 KB and joins them, a fifth slower.
    return inflateSync(stored, { chunkSize: Math.max(64, most), maxOutputLength: most });
  } catch (cause) {
    throw new NotPlain("a stream that cannot be inflated", { cause });
  }
}

/** Without the Fletcher-32 sum of its last four bytes, which must be right. */
function checked(values: Uint8Array): Uint8Array {
  const length = values.length - 4;
  if (length < 0) throw new NotPlain("no room for a sum");
  let low = 0;
  let high = 0;
  for (let i = 0; i < length; ) {
    // 360 words at most before the sums are folded, so that both stay below 2³².
    for (const end = Math.min(length, i + 720); i < end; i += 2) {
      low += (values[i] << 8) | (i + 1 < length ? values[i + 1] : 0);
      high += low;
    }
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  }
  low = (low & 0xffff) + (low >>> 16);
  high = (high & 0xffff) + (high >>> 16);
  const written = values.subarray(length);
  // The sum is stored little-endian: (high << 16) | low.
  const right = [low & 255, low >>> 8, high & 255, high >>> 8].every((byte, i) => byte === written[i]);
  if (!right) throw new NotPlain("a wrong sum");
  return values.subarray(0, length);
}

/** Put back together numbers whose bytes were sorted: first all first bytes, then all second ones, and so on. */
export function unshuffle(planes: Uint8Array, elementBytes: number, out: Uint8Array): void {
  const count = planes.length / elementBytes;
  const words = (bytes: Uint8Array) => bytes.byteOffset % 4 === 0;
  let from = 0;
  if (elementBytes === 4 && count % 4 === 0 && words(planes) && words(out)) {
    unshuffleWords(planes, count, out);
    from = count;
  }
  for (let byte = 0; byte < elementBytes; byte++) {
    for (let i = from, at = from * elementBytes + byte; i < count; i++, at += elementBytes) {
      out[at] = planes[byte * count + i];
    }
  }
}

/** Four 4-byte numbers at a time, a 4 × 4 transposition in registers: 2.4 times as fast as byte by byte. */
function unshuffleWords(planes: Uint8Array, count: number, out: Uint8Array): void {
  const words = new Int32Array(planes.buffer, planes.byteOffset, count);
  const values = new Int32Array(out.buffer, out.byteOffset, count);
  const quarter = count / 4;
  for (let i = 0, at = 0; i < quarter; i++, at += 4) {
    const a = words[i];
    const b = words[i + quarter];
    const c = words[i + 2 * quarter];
    const d = words[i + 3 * quarter];
    values[at] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
    values[at + 1] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
    values[at + 2] = ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
    values[at + 3] = (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
  }
}
