import { NotPlain, type RawFile } from "./raw-file.js";
import { type Placement, rowMajor, scatter } from "./scatter.js";
import type { Storage } from "./storage.js";
import { unfilter, unshuffle } from "./unfilter.js";
import { decode, type ElementType, elementBytes, type NumericArray } from "./values.js";

/** Reads slabs of one dataset from the file itself, as float32. */
export interface DirectReader {
  /** The value at (i, j, …) of the slab, rounded to float32, to where `to` says. Chunks that were never written read as 0. */
  read(start: readonly number[], count: readonly number[], out: Float32Array, to: Placement): void;
  /** Bytes that came out of filters so far. */
  readonly inflatedBytes: number;
}

/** Values without filters are read in pieces of at most so many bytes, unless they can go straight to where they belong. */
const PIECE = 8 << 20;
/** A read costs about as much as to read so many bytes more: gaps below it are read too. */
const READ_COST = 6000;
/** Chunks thinner than a cache line where they go are gathered to so many before they are placed. */
const GATHERED = 16;

const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The part of a chunk that a slab needs, in places of the chunk, and where it goes. */
interface Part {
  readonly cell: number;
  readonly from: number[];
  readonly count: number[];
  readonly offset: number;
}

/**
 * A quicker way to put 4-byte numbers back together than the one here, for callers that have one: true when it has done it, false
 * when these arrays are not for it.
 */
export type Unshuffle = (planes: Uint8Array, out: Uint8Array) => boolean;

export function directReader(file: RawFile, storage: Storage, type: ElementType, quick?: Unshuffle): DirectReader {
  const { chunk, grid, index, filters } = storage;
  const width = elementBytes(type);
  const chunkStrides = rowMajor(chunk);
  const gridStrides = rowMajor(grid);
  const chunkBytes = product(chunk) * width;
  const stored = roomFor();
  const plain = roomFor();
  let inflatedBytes = 0;

  /** Integers where float32 is float32: no bit of a NaN changes on the way. */
  const numbers = (bytes: Uint8Array): NumericArray =>
    type === "float32" ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) : decode(bytes, type);

  /** Copy part of an unfiltered chunk, densely, into `into`. */
  const gather = (address: number, from: readonly number[], count: readonly number[], into: Uint8Array) => {
    const runStrides = rowMajor(count);
    const run = contiguousRun(count, chunk);
    const walk = (depth: number, at: number, target: number): void => {
      const rest = count.slice(depth);
      const needed = product(rest);
      const span =
        dot(
          rest.map((length) => length - 1),
          chunkStrides.slice(depth),
        ) + 1;
      if (span === needed) {
        file.read(address + at * width, into.subarray(target * width, (target + needed) * width));
        return;
      }
      if (span * width <= Math.min(PIECE, (needed / run) * READ_COST)) {
        const bytes = stored(span * width);
        file.read(address + at * width, bytes);
        pick(bytes, depth, 0, target);
        return;
      }
      for (let i = 0; i < count[depth]; i++)
        walk(depth + 1, at + i * chunkStrides[depth], target + i * runStrides[depth]);
    };
    const pick = (bytes: Uint8Array, depth: number, at: number, target: number): void => {
      if (depth === count.length - 1) {
        into.set(bytes.subarray(at * width, (at + count[depth]) * width), target * width);
        return;
      }
      for (let i = 0; i < count[depth]; i++) {
        pick(bytes, depth + 1, at + i * chunkStrides[depth], target + i * runStrides[depth]);
      }
    };
    walk(0, dot(from, chunkStrides), 0);
  };

  const readUnfiltered = (part: Part, out: Float32Array, strides: readonly number[]): void => {
    const { cell, from, count, offset } = part;
    const address = index.address[cell];
    const bytes = product(count) * width;
    if (address + chunkBytes > file.size || (index.bytes[cell] && index.bytes[cell] !== chunkBytes)) {
      throw new NotPlain("a chunk of another length");
    }
    if (type === "float32" && bytes < 1 << 30 && isRowMajor(count, strides)) {
      gather(address, from, count, bytesOf(out, offset, bytes));
      return;
    }
    const cut = bytes > PIECE ? count.findIndex((length) => length > 1) : -1;
    if (cut < 0) {
      const into = plain(bytes);
      gather(address, from, count, into);
      scatter(numbers(into), { offset: 0, strides: rowMajor(count) }, count, target(out), { offset, strides });
      return;
    }
    // Cut along the longest dimension of the target, which leaves whole spectra together.
    const along = strides.reduce(
      (best, stride, i) => (count[i] > 1 && Math.abs(stride) > Math.abs(strides[best]) ? i : best),
      cut,
    );
    const step = Math.max(1, Math.floor((count[along] * PIECE) / bytes));
    for (let first = 0; first < count[along]; first += step) {
      const piece = { ...part, from: [...from], count: [...count], offset: offset + first * strides[along] };
      piece.from[along] += first;
      piece.count[along] = Math.min(step, count[along] - first);
      readUnfiltered(piece, out, strides);
    }
  };

  /** Undo the filters of a chunk, to the bytes of its values in `into`. */
  const readFiltered = (cell: number, into: Uint8Array): void => {
    // What a filter could not make smaller is stored as it is, with a few bytes of wrapping.
    if (index.bytes[cell] > 2 * chunkBytes + 1024) throw new NotPlain("a chunk too long");
    const bytes = stored(index.bytes[cell]);
    file.read(index.address[cell], bytes);
    const { values, shuffled } = unfilter(bytes, filters, index.leftOut[cell], chunkBytes);
    inflatedBytes += chunkBytes;
    if (!shuffled) into.set(values);
    else if (width !== 4 || !quick?.(values, into)) unshuffle(values, width, into);
  };

  /** Chunks side by side along one dimension, their parts of one size: brought back one behind the other, then placed together. */
  const readGroup = (parts: readonly Part[], along: number, out: Float32Array, strides: readonly number[]): void => {
    const [{ cell, from, count, offset }] = parts;
    const whole = count.every((length, i) => length === chunk[i]);
    if (parts.length === 1 && whole && type === "float32" && isRowMajor(count, strides)) {
      readFiltered(cell, bytesOf(out, offset, chunkBytes));
      return;
    }
    const room = plain(parts.length * chunkBytes);
    for (const [i, part] of parts.entries()) {
      readFiltered(part.cell, room.subarray(i * chunkBytes, (i + 1) * chunkBytes));
    }
    const source = { offset: dot(from, chunkStrides), strides: [chunkBytes / width, ...chunkStrides] };
    const place = { offset, strides: [chunk[along] * strides[along], ...strides] };
    scatter(numbers(room), source, [parts.length, ...count], target(out), place);
  };

  const target = (out: Float32Array) =>
    type === "float32" ? new Int32Array(out.buffer, out.byteOffset, out.length) : out;

  return {
    get inflatedBytes() {
      return inflatedBytes;
    },
    read(start, count, out, { offset, strides }) {
      // Chunks are visited with the dimension that lies together in the target innermost.
      const along = strides.reduce((best, stride, i) => (Math.abs(stride) < Math.abs(strides[best]) ? i : best), 0);
      const order = [...strides.keys()].filter((i) => i !== along).concat(along);
      const most = chunk[along] < GATHERED ? Math.max(1, Math.min(GATHERED, Math.floor((4 * PIECE) / chunkBytes))) : 1;
      let group: Part[] = [];
      const flush = () => {
        if (group.length) readGroup(group, along, out, strides);
        group = [];
      };
      const visit = (part: Part) => {
        if (!index.address[part.cell]) {
          fillZero(part.count, out, { offset: part.offset, strides });
        } else if (!filters.length) readUnfiltered(part, out, strides);
        else {
          const [first] = group;
          const alike = first && first.from[along] === part.from[along] && first.count[along] === part.count[along];
          if (!alike || group.length === most) flush();
          group.push(part);
        }
      };
      const walk = (depth: number, part: Part): void => {
        if (depth === order.length) {
          visit({ ...part, from: [...part.from], count: [...part.count] });
          return;
        }
        const i = order[depth];
        const end = start[i] + count[i];
        for (let at = start[i]; at < end; ) {
          const place = Math.floor(at / chunk[i]);
          const next = Math.min(end, (place + 1) * chunk[i]);
          part.from[i] = at - place * chunk[i];
          part.count[i] = next - at;
          walk(depth + 1, {
            ...part,
            cell: part.cell + place * gridStrides[i],
            offset: part.offset + (at - start[i]) * strides[i],
          });
          at = next;
        }
        if (depth === order.length - 1) flush();
      };
      // One value for all of it, so that a claim of 10⁹ chunks costs no more than its values.
      if (!index.address.length) fillZero(count, out, { offset, strides });
      else walk(0, { cell: 0, from: start.map(() => 0), count: start.map(() => 0), offset });
    },
  };
}

/** What was never written reads as 0. */
function fillZero(count: readonly number[], out: Float32Array, { offset, strides }: Placement): void {
  if (isRowMajor(count, strides)) out.fill(0, offset, offset + product(count));
  else {
    const zero = new Float32Array(1);
    scatter(zero, { offset: 0, strides: count.map(() => 0) }, count, out, { offset, strides });
  }
}

/** Whether a box lies in its target in one piece, in the order of its own dimensions. */
function isRowMajor(count: readonly number[], strides: readonly number[]): boolean {
  const own = rowMajor(count);
  return count.every((length, i) => length === 1 || strides[i] === own[i]);
}

/** How many values of a part lie in one piece in its chunk. */
function contiguousRun(count: readonly number[], chunk: readonly number[]): number {
  let run = 1;
  for (let i = count.length - 1; i >= 0; i--) {
    run *= count[i];
    if (count[i] !== chunk[i]) break;
  }
  return run;
}

function bytesOf(out: Float32Array, offset: number, bytes: number): Uint8Array {
  return new Uint8Array(out.buffer, out.byteOffset + 4 * offset, bytes);
}

/** Room that is kept between calls and grows. */
function roomFor(): (bytes: number) => Uint8Array {
  let room = new Uint8Array(0);
  return (bytes) => {
    if (room.length < bytes) room = new Uint8Array(bytes);
    return room.subarray(0, bytes);
  };
}
