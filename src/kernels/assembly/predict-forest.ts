import { rankScores } from "./rank-scores";
import { walkApart } from "./walk-apart";
import { walkTogether } from "./walk-together";

const ROWS = 512;
/** Trees by which a block is judged, and the parts of a row in them beyond which neighbours are no longer walked together. */
const TRIAL = 2;
const PARTS: u32 = 5;

/**
 * nodes: (rank u16, column·32 u16, left u32) a node; leaf: i32 a node; starts: trees i32; distributions: … × width f32;
 * columns: (feature, first, places) i32 a column; thresholds: f32; scores: count × features f32; out: count × classes f32.
 *
 *     scratch  places of 512 rows, the address of a row's first rank   u32
 *              at: where each row has come to                          u32, or u16 where rows are walked together
 *              open: rows on their way, 512 and 8                      u32
 *              queue of parts, a ring of 1024                          u64
 *              ended: parts at a leaf, 512 and one                     u64
 *              sums of 512 rows × width                                f32
 *              ranks, see `rankScores`                                 u16
 *
 * The rows of an image are much like their neighbours and go down a tree together; where they turn out to be unlike, as in a
 * list of spectra, the rest of the trees is walked row by row.
 */
export function predictForest(
  nodes: usize,
  leaf: usize,
  starts: usize,
  trees: i32,
  distributions: usize,
  classes: i32,
  columns: usize,
  columnCount: i32,
  thresholds: usize,
  scores: usize,
  count: i32,
  features: i32,
  scratch: usize,
  out: usize,
): void {
  const side = (<usize>((classes + 3) & ~3)) << 2;
  const places = scratch;
  const at = places + 4 * ROWS;
  const open = at + 4 * ROWS;
  const queue = open + 4 * (ROWS + 8);
  const ended = queue + 16 * ROWS;
  const sums = ended + 8 * (ROWS + 2);
  const ranks = sums + side * ROWS;
  for (let row: usize = 0; row < <usize>ROWS; row++) {
    const group = (row >> 5) * <usize>columnCount;
    store<u32>(places + (row << 2), <u32>(ranks + (group << 6) + ((row & 31) << 1)));
  }
  for (let first = 0; first < count; first += ROWS) {
    const rows = min(ROWS, count - first);
    rankScores(scores + ((<usize>first * features) << 2), rows, features, columns, columnCount, thresholds, ranks);
    memory.fill(sums, 0, side * ROWS);
    let parts: u32 = 0;
    for (let tree = 0; tree < trees; tree++) {
      const start = <usize>load<u32>(starts + ((<usize>tree) << 2));
      const base = nodes + (start << 3);
      const leaves = leaf + (start << 2);
      if (tree < TRIAL || parts <= PARTS * rows) {
        const found = walkTogether(base, leaves, ranks, columnCount, rows, queue, ended, at);
        if (tree < TRIAL) parts += found;
        addTogether(rows, at, ended, distributions, side, sums);
      } else {
        walkApart(base, places, at, open, rows);
        addApart(rows, at, leaves, distributions, side, sums);
      }
    }
    write(sums, rows, classes, side, <f32>trees, out + ((<usize>first * classes) << 2));
  }
}

/** Add to the sums of each row what the leaf of its part says. */
function addTogether(rows: i32, at: usize, ended: usize, distributions: usize, side: usize, sums: usize): void {
  for (let row = 0; row < rows; row++, at += 2, sums += side) {
    add(distributions + <usize>load<u32>(ended + ((<usize>load<u16>(at)) << 3)) * side, side, sums);
  }
}

/** Add to the sums of each row what its leaf says. */
function addApart(rows: i32, at: usize, leaves: usize, distributions: usize, side: usize, sums: usize): void {
  for (let row = 0; row < rows; row++, at += 4, sums += side) {
    add(distributions + <usize>load<u32>(leaves + ((<usize>load<u32>(at)) << 2)) * side, side, sums);
  }
}

function add(from: usize, side: usize, to: usize): void {
  for (let k: usize = 0; k < side; k += 16) {
    v128.store(to + k, f32x4.add(v128.load(to + k), v128.load(from + k)));
  }
}

function write(sums: usize, rows: i32, classes: i32, side: usize, trees: f32, out: usize): void {
  for (let row = 0; row < rows; row++, sums += side) {
    for (let k = 0; k < classes; k++, out += 4) store<f32>(out, load<f32>(sums + ((<usize>k) << 2)) / trees);
  }
}
