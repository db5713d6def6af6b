import { LEAF } from "./rank-scores";

/** Places in the queue less one; at most 512 parts wait, because no row is in two. */
const PLACES = 1023;

/**
 * Take all rows down a tree, 32 neighbours as one part: their ranks are compared with that of the node together, and only where
 * they disagree does the part become two. Give how many parts it took. Those that reached a leaf are in `ended`, u64 a part, with
 * the distribution of the leaf below; `at` has the number of its part for each row, u16.
 *
 * A part is a u64: group·2²⁴ + node below, the rows of the group as bits above. All parts stand in one queue, so that a step need
 * not wait for the one before it, and nothing branches on the ranks: what is not wanted is written and then written over.
 */
export function walkTogether(
  base: usize,
  leaves: usize,
  ranks: usize,
  columns: i32,
  rows: i32,
  queue: usize,
  ended: usize,
  at: usize,
): u32 {
  const group = (<usize>columns) << 6;
  let tail: u32 = 0;
  let atLeaf = ended;
  for (let row = 0; row < rows; row += 32, tail++) {
    const present: u32 = rows - row >= 32 ? 0xffffffff : (1 << (rows - row)) - 1;
    put(queue, tail, tail << 24, present);
  }
  for (let head: u32 = 0; head !== tail; head++) {
    const part = load<u64>(queue + ((<usize>(head & PLACES)) << 3));
    const name = <u32>part;
    const present = <u32>(part >> 32);
    const here = base + ((<usize>(name & 0xffffff)) << 3);
    const rank = <u32>load<u16>(here);
    const isLeaf = <u32>(rank === LEAF);
    store<u64>(atLeaf, part);
    atLeaf += (<usize>isLeaf) << 3;
    const x = ranks + <usize>(name >> 24) * group + ((<usize>load<u16>(here, 2)) << 1);
    const lower = notAbove(x, i16x8.splat(<i16>rank));
    const child = (name & 0xff000000) | load<u32>(here, 4);
    const goLeft = present & lower;
    const goRight = present & ~lower;
    put(queue, tail, child, goLeft);
    tail += <u32>(goLeft !== 0) & (1 - isLeaf);
    put(queue, tail, child + 1, goRight);
    tail += <u32>(goRight !== 0);
  }
  spread(ended, <i32>((atLeaf - ended) >> 3), leaves, at);
  return tail;
}

function spread(ended: usize, parts: i32, leaves: usize, at: usize): void {
  const bits = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
  for (let part = 0; part < parts; part++, ended += 8) {
    const name = load<u32>(ended);
    store<u32>(ended, load<u32>(leaves + ((<usize>(name & 0xffffff)) << 2)));
    const low = i16x8.splat(load<i16>(ended, 4));
    const high = i16x8.splat(load<i16>(ended, 6));
    const to = at + ((<usize>(name >> 24)) << 6);
    const number = i16x8.splat(<i16>part);
    mark(to, number, low, bits);
    mark(to + 16, number, i16x8.shr_u(low, 8), bits);
    mark(to + 32, number, high, bits);
    mark(to + 48, number, i16x8.shr_u(high, 8), bits);
  }
}

function mark(to: usize, number: v128, rows: v128, bits: v128): void {
  v128.store(to, v128.bitselect(number, v128.load(to), i16x8.eq(v128.and(rows, bits), bits)));
}

function put(queue: usize, place: u32, name: u32, rows: u32): void {
  store<u64>(queue + ((<usize>(place & PLACES)) << 3), <u64>name | ((<u64>rows) << 32));
}

/** A bit for each of 32 ranks: whether it is not above that of the node. */
function notAbove(x: usize, rank: v128): u32 {
  const low = i8x16.narrow_i16x8_s(i16x8.le_u(v128.load(x), rank), i16x8.le_u(v128.load(x, 16), rank));
  const high = i8x16.narrow_i16x8_s(i16x8.le_u(v128.load(x, 32), rank), i16x8.le_u(v128.load(x, 48), rank));
  return i8x16.bitmask(low) | (i8x16.bitmask(high) << 16);
}
