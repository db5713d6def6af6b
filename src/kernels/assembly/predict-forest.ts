const ROWS = 256;

/**
 * nodes: (threshold f32, feature·2²⁴ + left u32) a node; leaf: i32 a node; starts: trees i32; distributions: … × width f32;
 * scores: count × features f32; out: count × classes f32.
 *
 *     scratch  scores of 8 rows, turned: feature 0 of row 0 … 7 │ feature 1 … ║ the next 8 rows …   f32
 *              sums of 256 rows × width                                                             f32
 *
 * Eight rows walk together: a step waits for memory, so eight of them overlap. Their scores lie side by side, so that a
 * tree finds them in the nearest cache.
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
  for (let first = 0; first < count; first += ROWS) {
    const rows = min(ROWS, count - first);
    turn(scores + ((<usize>first * features) << 2), rows, features, scratch);
    memory.fill(sums, 0, side * ROWS);
    for (let tree = 0; tree < trees; tree++) {
      const start = <usize>load<u32>(starts + ((<usize>tree) << 2));
      const base = nodes + (start << 3);
      const leaves = leaf + (start << 2);
      for (let row = 0; row < rows; row += 8) {
        const x = scratch + ((<usize>row * features) << 2);
        walk8(base, leaves, x, distributions, side, sums + <usize>row * side);
      }
    }
    write(sums, rows, classes, side, <f32>trees, out + ((<usize>first * classes) << 2));
  }
}

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
  add(leaves, a, distributions, side, sums);
  add(leaves, b, distributions, side, sums + side);
  add(leaves, c, distributions, side, sums + 2 * side);
  add(leaves, d, distributions, side, sums + 3 * side);
  add(leaves, e, distributions, side, sums + 4 * side);
  add(leaves, f, distributions, side, sums + 5 * side);
  add(leaves, g, distributions, side, sums + 6 * side);
  add(leaves, h, distributions, side, sums + 7 * side);
}

function step(base: usize, x: usize, node: u32): u32 {
  const at = base + ((<usize>node) << 3);
  const word = load<u32>(at, 4);
  const value = load<f32>(x + <usize>((word >> 24) << 5));
  return (word & 0xffffff) + <u32>!(value <= load<f32>(at));
}

function add(leaves: usize, node: u32, distributions: usize, side: usize, to: usize): void {
  const from = distributions + <usize>load<u32>(leaves + ((<usize>node) << 2)) * side;
  for (let k: usize = 0; k < side; k += 16) {
    v128.store(to + k, f32x4.add(v128.load(to + k), v128.load(from + k)));
  }
}

/** Rows × features to groups of features × 8; what lies beyond `rows` is left from before and its results are not used. */
function turn(scores: usize, rows: i32, features: i32, to: usize): void {
  for (let row = 0; row < rows; row++) {
    const first = to + ((<usize>(row & ~7) * features) << 2) + ((<usize>(row & 7)) << 2);
    for (let feature = 0; feature < features; feature++, scores += 4) {
      store<f32>(first + ((<usize>feature) << 5), load<f32>(scores));
    }
  }
}

function write(sums: usize, rows: i32, classes: i32, side: usize, trees: f32, out: usize): void {
  for (let row = 0; row < rows; row++, sums += side) {
    for (let k = 0; k < classes; k++, out += 4) store<f32>(out, load<f32>(sums + ((<usize>k) << 2)) / trees);
  }
}
