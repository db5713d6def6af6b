const STACK = 34;
/** Rows of a node up to which a bin lists its rows instead of counting its classes: most bins hold none or one then. */
const FEW: usize = 256;

/**
 * bins: features × rows u8; drawn: count × (row i32, weight·256 + class i32); tree: (feature, bin, left) i32 a node;
 * counts: leaves × classes i32; importances: features f64.
 *
 *     scratch  touched 4 × u64, a bit a bin │ stack 34 × (start, end, depth, node) i32 │ order features × i32
 *              │ whole classes × i32 │ left classes × i32 │ histogram 256 × classes i32 │ aside count × (row, code)
 *
 * In a node of few rows the histogram is 256 × u32, the last row of each bin, and aside is the row before it in the same bin, both
 * as bytes from the first row and 8 more, 0 for none. All sums are of whole numbers and exact, so either way gives the same tree.
 */
export function growTree(
  bins: usize,
  rows: i32,
  features: i32,
  classes: i32,
  drawn: usize,
  count: i32,
  tried: i32,
  minLeaf: i32,
  maxDepth: i32,
  seed: i32,
  scratch: usize,
  tree: usize,
  counts: usize,
  importances: usize,
): i32 {
  const side = (<usize>classes) << 2;
  const stack = scratch + 32;
  const order = stack + 16 * STACK;
  const whole = order + ((<usize>features) << 2);
  const left = whole + side;
  const histogram = left + side;
  const aside = histogram + (side << 8);
  memory.fill(histogram, 0, side << 8);
  for (let feature = 0; feature < features; feature++) store<i32>(order + ((<usize>feature) << 2), feature);

  let state = <u32>seed;
  let nodes = 1;
  let leaves = 0;
  let top = stack;
  push(top, drawn, drawn + ((<usize>count) << 3), 0, 0);
  top += 16;
  while (top > stack) {
    top -= 16;
    const start = <usize>load<u32>(top);
    const end = <usize>load<u32>(top, 4);
    const depth = load<i32>(top, 8);
    const node = load<i32>(top, 12);
    const here = tree + <usize>node * 12;

    memory.fill(whole, 0, side);
    for (let at = start; at < end; at += 8) {
      const code = load<i32>(at, 4);
      const k = whole + ((<usize>(code & 255)) << 2);
      store<i32>(k, load<i32>(k) + (code >> 8));
    }
    let weight: f64 = 0;
    let squares: f64 = 0;
    let largest: f64 = 0;
    for (let k: usize = 0; k < side; k += 4) {
      const n = <f64>load<i32>(whole + k);
      weight += n;
      squares += n * n;
      largest = max(largest, n);
    }

    const few = end - start <= FEW << 3;
    let best: f64 = -1;
    let bestFeature = -1;
    let bestBin = 0;
    if (largest < weight && weight >= 2 * <f64>minLeaf && depth < maxDepth) {
      let varied = false;
      for (let visited = 0; visited < features && !(visited >= tried && varied); visited++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        const pick = visited + <i32>((<u64>state * <u64>(features - visited)) >> 32);
        const feature = load<i32>(order + ((<usize>pick) << 2));
        store<i32>(order + ((<usize>pick) << 2), load<i32>(order + ((<usize>visited) << 2)));
        store<i32>(order + ((<usize>visited) << 2), feature);

        v128.store(scratch, i32x4.splat(0));
        v128.store(scratch, i32x4.splat(0), 16);
        const column = bins + <usize>feature * rows;
        if (few) {
          for (let at = start; at < end; at += 8) {
            const bin = <usize>load<u8>(column + <usize>load<u32>(at));
            touch(scratch, bin);
            const cell = histogram + (bin << 2);
            store<u32>(aside + (at - start), load<u32>(cell));
            store<u32>(cell, <u32>(at - start + 8));
          }
        } else {
          for (let at = start; at < end; at += 8) {
            const code = load<i32>(at, 4);
            const bin = <usize>load<u8>(column + <usize>load<u32>(at));
            touch(scratch, bin);
            const cell = histogram + bin * side + ((<usize>(code & 255)) << 2);
            store<i32>(cell, load<i32>(cell) + (code >> 8));
          }
        }

        memory.fill(left, 0, side);
        let leftWeight: f64 = 0;
        let leftSquares: f64 = 0;
        let rightSquares = squares;
        let previous = -1;
        for (let word: usize = 0; word < 4; word++) {
          for (let bits = load<u64>(scratch + (word << 3)); bits !== 0; bits &= bits - 1) {
            const bin = ((<i32>word) << 6) + <i32>ctz(bits);
            if (previous >= 0) {
              varied = true;
              const rightWeight = weight - leftWeight;
              if (leftWeight >= <f64>minLeaf && rightWeight >= <f64>minLeaf) {
                const score = (leftSquares * rightWeight + rightSquares * leftWeight) / (leftWeight * rightWeight);
                if (score > best) {
                  best = score;
                  bestFeature = feature;
                  bestBin = (previous + bin - 1) >> 1;
                }
              }
            }
            previous = bin;
            if (few) {
              const cell = histogram + ((<usize>bin) << 2);
              for (let row = <usize>load<u32>(cell); row !== 0; row = <usize>load<u32>(aside + row - 8)) {
                const code = load<i32>(start + row - 4);
                const k = (<usize>(code & 255)) << 2;
                const m = <f64>(code >> 8);
                const l = <f64>load<i32>(left + k);
                leftSquares += m * (2 * l + m);
                rightSquares += m * (m - 2 * (<f64>load<i32>(whole + k) - l));
                store<i32>(left + k, load<i32>(left + k) + (code >> 8));
                leftWeight += m;
              }
              store<u32>(cell, 0);
              continue;
            }
            const cells = histogram + <usize>bin * side;
            for (let k: usize = 0; k < side; k += 4) {
              const moved = load<i32>(cells + k);
              // Most bins hold few of the classes; what is skipped would add zeros.
              if (moved === 0) continue;
              const m = <f64>moved;
              const l = <f64>load<i32>(left + k);
              leftSquares += m * (2 * l + m);
              rightSquares += m * (m - 2 * (<f64>load<i32>(whole + k) - l));
              store<i32>(left + k, load<i32>(left + k) + moved);
              leftWeight += m;
              store<i32>(cells + k, 0);
            }
          }
        }
      }
    }

    if (bestFeature < 0) {
      store<i32>(here, -1);
      store<i32>(here, 0, 4);
      store<i32>(here, leaves, 8);
      memory.copy(counts + <usize>leaves * side, whole, side);
      leaves++;
      continue;
    }

    const column = bins + <usize>bestFeature * rows;
    let middle = start;
    let right = aside;
    for (let at = start; at < end; at += 8) {
      const pair = load<u64>(at);
      const goesLeft = <usize>(<i32>load<u8>(column + <usize>(<u32>pair)) <= bestBin);
      // Written to both sides, kept on one: the processor cannot foresee which.
      store<u64>(middle, pair);
      store<u64>(right, pair);
      middle += goesLeft << 3;
      right += (1 - goesLeft) << 3;
    }
    memory.copy(middle, aside, right - aside);

    store<i32>(here, bestFeature);
    store<i32>(here, bestBin, 4);
    store<i32>(here, nodes, 8);
    const gain = importances + ((<usize>bestFeature) << 3);
    store<f64>(gain, load<f64>(gain) + (best - squares / weight));
    const leftFirst = middle - start < end - middle;
    push(leftFirst ? top + 16 : top, start, middle, depth + 1, nodes);
    push(leftFirst ? top : top + 16, middle, end, depth + 1, nodes + 1);
    top += 32;
    nodes += 2;
  }
  return nodes;
}

function push(at: usize, start: usize, end: usize, depth: i32, node: i32): void {
  store<u32>(at, <u32>start);
  store<u32>(at, <u32>end, 4);
  store<i32>(at, depth, 8);
  store<i32>(at, node, 12);
}

/** Note that a bin has a row. */
function touch(bits: usize, bin: usize): void {
  const word = bits + ((bin >> 6) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (<u64>bin & 63)));
}
