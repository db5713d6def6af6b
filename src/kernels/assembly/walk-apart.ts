import { LEAF } from "./rank-scores";

/** Rows that are walked at once: a step waits for memory, so theirs overlap. */
const TOGETHER = 8;
/** Steps before the rows that have reached a leaf are left behind. */
const FIRST_STEPS = 8;
const MORE_STEPS = 4;

/**
 * Take each row down a tree by itself, and put the leaf where it ends into `at`, u32 a row.
 * All rows take eight steps, then those still on their way are listed anew after every four: paths differ much in length.
 *
 * base: nodes of the tree; places: the first rank of each row, u32 addresses; open: room for rows + 8 u32.
 */
export function walkApart(base: usize, places: usize, at: usize, open: usize, rows: i32): void {
  for (let row = 0; row < rows; row++) store<u32>(open + ((<usize>row) << 2), row);
  memory.fill(at, 0, (<usize>rows) << 2);
  for (let left = rows, steps = FIRST_STEPS; left > 0; steps = MORE_STEPS) {
    // The last row again, until there are eight.
    const last = load<u32>(open + ((<usize>left - 1) << 2));
    for (let i = left; i & (TOGETHER - 1); i++) store<u32>(open + ((<usize>i) << 2), last);
    for (let i = 0; i < left; i += TOGETHER) walk8(base, places, at, open + ((<usize>i) << 2), steps);
    let kept = 0;
    for (let i = 0; i < left; i++) {
      const row = load<u32>(open + ((<usize>i) << 2));
      const node = <usize>load<u32>(at + ((<usize>row) << 2));
      store<u32>(open + ((<usize>kept) << 2), row);
      kept += <i32>(<u32>load<u16>(base + (node << 3)) !== LEAF);
    }
    left = kept;
  }
}

/** The eight rows listed at `open`, an even number of steps further. */
function walk8(base: usize, places: usize, at: usize, open: usize, steps: i32): void {
  const i = (<usize>load<u32>(open)) << 2;
  const j = (<usize>load<u32>(open, 4)) << 2;
  const k = (<usize>load<u32>(open, 8)) << 2;
  const l = (<usize>load<u32>(open, 12)) << 2;
  const m = (<usize>load<u32>(open, 16)) << 2;
  const n = (<usize>load<u32>(open, 20)) << 2;
  const o = (<usize>load<u32>(open, 24)) << 2;
  const p = (<usize>load<u32>(open, 28)) << 2;
  const xi = <usize>load<u32>(places + i);
  const xj = <usize>load<u32>(places + j);
  const xk = <usize>load<u32>(places + k);
  const xl = <usize>load<u32>(places + l);
  const xm = <usize>load<u32>(places + m);
  const xn = <usize>load<u32>(places + n);
  const xo = <usize>load<u32>(places + o);
  const xp = <usize>load<u32>(places + p);
  let a = load<u32>(at + i);
  let b = load<u32>(at + j);
  let c = load<u32>(at + k);
  let d = load<u32>(at + l);
  let e = load<u32>(at + m);
  let f = load<u32>(at + n);
  let g = load<u32>(at + o);
  let h = load<u32>(at + p);
  for (let done = 0; done < steps; done += 2) {
    a = step(base, xi, step(base, xi, a));
    b = step(base, xj, step(base, xj, b));
    c = step(base, xk, step(base, xk, c));
    d = step(base, xl, step(base, xl, d));
    e = step(base, xm, step(base, xm, e));
    f = step(base, xn, step(base, xn, f));
    g = step(base, xo, step(base, xo, g));
    h = step(base, xp, step(base, xp, h));
  }
  store<u32>(at + i, a);
  store<u32>(at + j, b);
  store<u32>(at + k, c);
  store<u32>(at + l, d);
  store<u32>(at + m, e);
  store<u32>(at + n, f);
  store<u32>(at + o, g);
  store<u32>(at + p, h);
}

function step(base: usize, x: usize, node: u32): u32 {
  const here = base + ((<usize>node) << 3);
  const rank = <i32>load<u16>(x + ((<usize>load<u16>(here, 2)) << 1));
  // The sign of the difference: 1 when the rank of the row is above that of the node.
  return load<u32>(here, 4) + (<u32>(<i32>load<u16>(here) - rank) >> 31);
}
