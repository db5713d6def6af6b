const ROWS = 256;
/** Bytes of the scores of one feature in a group of 32 rows, as a shift. */
const FEATURE = 7;
/** Parts a row beyond which the queue costs more than walking every row by itself. */
const PARTS: u32 = 2;
/** Trees after which that is judged, block by block. */
const TRIAL = 4;
/** Places in the queue less one; at most 256 parts wait, because no row is in two. */
const PLACES = 511;

/**
 * nodes: (threshold f32, feature·2²⁴ + left u32) a node; leaf: i32 a node; starts: trees i32; distributions: … × width f32;
 * scores: count × features f32; out: count × classes f32.
 *
 *     scratch  scores of 32 rows, turned: feature 0 of row 0 … 31 │ feature 1 … ║ the next 32 rows …   f32
 *              sums of 256 rows × width                                                                f32
 *              queue of parts, a ring of 512: (group·2²⁴ + node, rows of the group as bits)            u32
 *
 * 32 neighbouring pixels go down a tree as one part: their scores are compared with the threshold together, and only where
 * they disagree does the part become two. Neighbours are much alike, so few come of it. All parts of 256 rows stand in one
 * queue, so that a step need not wait for the one before it, and nothing branches on the scores. Where neighbours turn out to
 * be unlike, as in a list of spectra, the rest of the trees is walked row by row.
 */
export function predictForest(
  nodes: usize,
  leaf: usize,
  starts: usize,
  trees: i32,
  distributions: usize,
  classes: i32,
  scores: usize,
  count: i32,
  features: i32,
  scratch: usize,
  out: usize,
): void {
  const width = (classes + 3) & ~3;
  const side = (<usize>width) << 2;
  const sums = scratch + ((<usize>features) << 10);
  const queue = sums + side * ROWS;
  for (let first = 0; first < count; first += ROWS) {
    const rows = min(ROWS, count - first);
    turn(scores + ((<usize>first * features) << 2), rows, features, scratch);
    memory.fill(sums, 0, side * ROWS);
    let parts: u32 = 0;
    for (let tree = 0; tree < trees; tree++) {
      const start = <usize>load<u32>(starts + ((<usize>tree) << 2));
      const base = nodes + (start << 3);
      const leaves = leaf + (start << 2);
      if (tree < TRIAL || parts <= PARTS * TRIAL * rows) {
        const found = descend(base, leaves, scratch, features, rows, distributions, side, sums, queue);
        if (tree < TRIAL) parts += found;
      } else {
        for (let row = 0; row < rows; row += 8) {
          const x = scratch + ((<usize>(row & ~31) * features) << 2) + ((<usize>(row & 31)) << 2);
          walk8(base, leaves, x, distributions, side, sums + <usize>row * side);
        }
      }
    }
    write(sums, rows, classes, side, <f32>trees, out + ((<usize>first * classes) << 2));
  }
}

/** Take the rows of a block down a tree, add what their leaves say to their sums, and give how many parts it took. */
function descend(
  base: usize,
  leaves: usize,
  scores: usize,
  features: i32,
  rows: i32,
  distributions: usize,
  side: usize,
  sums: usize,
  queue: usize,
): u32 {
  const group = (<usize>features) << FEATURE;
  let tail: u32 = 0;
  for (let row = 0; row < rows; row += 32, tail++) {
    const present: u32 = rows - row >= 32 ? 0xffffffff : (1 << (rows - row)) - 1;
    put(queue, tail, (tail << 24) | 1, present);
  }
  for (let head: u32 = 0; head !== tail; head++) {
    const part = queue + ((<usize>(head & PLACES)) << 3);
    const name = load<u32>(part);
    const present = load<u32>(part, 4);
    const node = name & 0xffffff;
    const at = base + ((<usize>node) << 3);
    const word = load<u32>(at, 4);
    const left = word & 0xffffff;
    if (left + 1 === node) {
      const from = distributions + <usize>load<u32>(leaves + ((<usize>node) << 2)) * side;
      add(from, side, present, sums + ((<usize>(name >> 24) * side) << 5));
      continue;
    }
    const x = scores + <usize>(name >> 24) * group + ((<usize>(word >> 24)) << FEATURE);
    const lower = notAbove(x, v128.load32_splat(at));
    const child = (name & 0xff000000) | left;
    const goLeft = present & lower;
    const goRight = present & ~lower;
    put(queue, tail, child, goLeft);
    tail += <u32>(goLeft !== 0);
    put(queue, tail, child + 1, goRight);
    tail += <u32>(goRight !== 0);
  }
  return tail;
}

function put(queue: usize, place: u32, name: u32, rows: u32): void {
  store<u64>(queue + ((<usize>(place & PLACES)) << 3), <u64>name | ((<u64>rows) << 32));
}

/** A bit for each of 32 numbers: whether it is not above the threshold. A NaN is above. */
function notAbove(x: usize, threshold: v128): u32 {
  const a = i16x8.narrow_i32x4_s(f32x4.le(v128.load(x), threshold), f32x4.le(v128.load(x, 16), threshold));
  const b = i16x8.narrow_i32x4_s(f32x4.le(v128.load(x, 32), threshold), f32x4.le(v128.load(x, 48), threshold));
  const c = i16x8.narrow_i32x4_s(f32x4.le(v128.load(x, 64), threshold), f32x4.le(v128.load(x, 80), threshold));
  const d = i16x8.narrow_i32x4_s(f32x4.le(v128.load(x, 96), threshold), f32x4.le(v128.load(x, 112), threshold));
  const low = i8x16.bitmask(i8x16.narrow_i16x8_s(a, b));
  return low | (i8x16.bitmask(i8x16.narrow_i16x8_s(c, d)) << 16);
}

/** Add one distribution to the sums of the rows whose bits are set; eight classes at a time. */
function add(from: usize, side: usize, rows: u32, sums: usize): void {
  let k: usize = 0;
  for (; k + 32 <= side; k += 32) {
    const low = v128.load(from + k);
    const high = v128.load(from + k, 16);
    for (let left = rows; left !== 0; left &= left - 1) {
      const to = sums + <usize>ctz(left) * side + k;
      v128.store(to, f32x4.add(v128.load(to), low));
      v128.store(to, f32x4.add(v128.load(to, 16), high), 16);
    }
  }
  if (k === side) return;
  const share = v128.load(from + k);
  for (let left = rows; left !== 0; left &= left - 1) {
    const to = sums + <usize>ctz(left) * side + k;
    v128.store(to, f32x4.add(v128.load(to), share));
  }
}

/** Eight rows down a tree, each by itself: a step waits for memory, so eight of them overlap. */
function walk8(base: usize, leaves: usize, x: usize, distributions: usize, side: usize, sums: usize): void {
  let a: u32 = 1;
  let b: u32 = 1;
  let c: u32 = 1;
  let d: u32 = 1;
  let e: u32 = 1;
  let f: u32 = 1;
  let g: u32 = 1;
  let h: u32 = 1;
  for (;;) {
    // Three steps between two looks at whether all have arrived: a look costs about half a step.
    a = step(base, x, a);
    b = step(base, x + 4, b);
    c = step(base, x + 8, c);
    d = step(base, x + 12, d);
    e = step(base, x + 16, e);
    f = step(base, x + 20, f);
    g = step(base, x + 24, g);
    h = step(base, x + 28, h);
    a = step(base, x, a);
    b = step(base, x + 4, b);
    c = step(base, x + 8, c);
    d = step(base, x + 12, d);
    e = step(base, x + 16, e);
    f = step(base, x + 20, f);
    g = step(base, x + 24, g);
    h = step(base, x + 28, h);
    const a1 = step(base, x, a);
    const b1 = step(base, x + 4, b);
    const c1 = step(base, x + 8, c);
    const d1 = step(base, x + 12, d);
    const e1 = step(base, x + 16, e);
    const f1 = step(base, x + 20, f);
    const g1 = step(base, x + 24, g);
    const h1 = step(base, x + 28, h);
    const moved = (a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1) | (e ^ e1) | (f ^ f1) | (g ^ g1) | (h ^ h1);
    a = a1;
    b = b1;
    c = c1;
    d = d1;
    e = e1;
    f = f1;
    g = g1;
    h = h1;
    if (moved === 0) break;
  }
  addOne(leaves, a, distributions, side, sums);
  addOne(leaves, b, distributions, side, sums + side);
  addOne(leaves, c, distributions, side, sums + 2 * side);
  addOne(leaves, d, distributions, side, sums + 3 * side);
  addOne(leaves, e, distributions, side, sums + 4 * side);
  addOne(leaves, f, distributions, side, sums + 5 * side);
  addOne(leaves, g, distributions, side, sums + 6 * side);
  addOne(leaves, h, distributions, side, sums + 7 * side);
}

function step(base: usize, x: usize, node: u32): u32 {
  const at = base + ((<usize>node) << 3);
  const word = load<u32>(at, 4);
  const value = load<f32>(x + ((<usize>(word >> 24)) << FEATURE));
  return (word & 0xffffff) + <u32>!(value <= load<f32>(at));
}

function addOne(leaves: usize, node: u32, distributions: usize, side: usize, to: usize): void {
  const from = distributions + <usize>load<u32>(leaves + ((<usize>node) << 2)) * side;
  for (let k: usize = 0; k < side; k += 16) {
    v128.store(to + k, f32x4.add(v128.load(to + k), v128.load(from + k)));
  }
}

/** Rows × features to groups of features × 32; what lies beyond `rows` is left from before and its results are not used. */
function turn(scores: usize, rows: i32, features: i32, to: usize): void {
  for (let row = 0; row < rows; row++) {
    const first = to + ((<usize>(row & ~31) * features) << 2) + ((<usize>(row & 31)) << 2);
    for (let feature = 0; feature < features; feature++, scores += 4) {
      store<f32>(first + ((<usize>feature) << FEATURE), load<f32>(scores));
    }
  }
}

function write(sums: usize, rows: i32, classes: i32, side: usize, trees: f32, out: usize): void {
  for (let row = 0; row < rows; row++, sums += side) {
    for (let k = 0; k < classes; k++, out += 4) store<f32>(out, load<f32>(sums + ((<usize>k) << 2)) / trees);
  }
}
