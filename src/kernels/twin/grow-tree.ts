/** Int32 numbers of scratch space that `growTree` needs. */
export function treeScratch(features: number, classes: number, drawn: number): number {
  return 8 + 4 * STACK + features + 2 * classes + 256 * classes + 2 * drawn + 2;
}

/** Open nodes: the smaller child is grown first, so the larger ones that wait at least double each time. */
const STACK = 34;

/**
 * Grow one classification tree on binned features until its leaves are pure, too small, too deep or alike in every feature,
 * and give the number of nodes. At each node `tried` features are drawn, and more while all of those are constant; the split
 * is the one with the lowest Gini impurity, the first of equals, in the middle of the empty bins around it.
 * Memory, all Int32 unless said: `bins[feature * rows + row]` Uint8; `drawn` pairs (row, weight·256 + class), reordered;
 * `tree` triples (feature, bin, left): a row goes to `left` when its bin ≤ `bin`, else to `left + 1`; a leaf has feature −1
 * and its number as `left`; `counts[leaf * classes + k]` weights; `importances` Float64, the decrease of Σ impurity·weight added.
 * Features are drawn by xorshift32 from `seed`, not 0 (Marsaglia 2003).
 */
export function growTree(
  bins: Uint8Array,
  rows: number,
  features: number,
  classes: number,
  drawn: Int32Array,
  count: number,
  tried: number,
  minLeaf: number,
  maxDepth: number,
  seed: number,
  scratch: Int32Array,
  tree: Int32Array,
  counts: Int32Array,
  importances: Float64Array,
): number {
  const touched = scratch.subarray(0, 8);
  const stack = scratch.subarray(8, 8 + 4 * STACK);
  const order = scratch.subarray(8 + 4 * STACK);
  const whole = order.subarray(features);
  const left = whole.subarray(classes);
  const histogram = left.subarray(classes);
  const aside = histogram.subarray(256 * classes);
  histogram.fill(0, 0, 256 * classes);
  for (let feature = 0; feature < features; feature++) order[feature] = feature;

  let state = seed | 0;
  let nodes = 1;
  let leaves = 0;
  let waiting = 1;
  stack.set([0, count, 0, 0]);
  while (waiting > 0) {
    waiting--;
    const start = stack[4 * waiting];
    const end = stack[4 * waiting + 1];
    const depth = stack[4 * waiting + 2];
    const node = stack[4 * waiting + 3];

    whole.fill(0, 0, classes);
    for (let i = start; i < end; i++) whole[drawn[2 * i + 1] & 255] += drawn[2 * i + 1] >> 8;
    let weight = 0;
    let squares = 0;
    let largest = 0;
    for (let k = 0; k < classes; k++) {
      weight += whole[k];
      squares += whole[k] * whole[k];
      largest = Math.max(largest, whole[k]);
    }

    let best = -1;
    let bestFeature = -1;
    let bestBin = 0;
    if (largest < weight && weight >= 2 * minLeaf && depth < maxDepth) {
      let varied = false;
      for (let visited = 0; visited < features && !(visited >= tried && varied); visited++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        const pick = visited + Math.floor(((state >>> 0) / 4294967296) * (features - visited));
        const feature = order[pick];
        order[pick] = order[visited];
        order[visited] = feature;

        touched.fill(0);
        const column = feature * rows;
        for (let i = start; i < end; i++) {
          const bin = bins[column + drawn[2 * i]];
          const code = drawn[2 * i + 1];
          touched[bin >> 5] |= 1 << (bin & 31);
          histogram[bin * classes + (code & 255)] += code >> 8;
        }

        left.fill(0, 0, classes);
        let leftWeight = 0;
        let leftSquares = 0;
        let rightSquares = squares;
        let previous = -1;
        for (let bin = 0; bin < 256; bin++) {
          if (!((touched[bin >> 5] >>> (bin & 31)) & 1)) continue;
          if (previous >= 0) {
            varied = true;
            const rightWeight = weight - leftWeight;
            if (leftWeight >= minLeaf && rightWeight >= minLeaf) {
              const score = (leftSquares * rightWeight + rightSquares * leftWeight) / (leftWeight * rightWeight);
              if (score > best) {
                best = score;
                bestFeature = feature;
                bestBin = (previous + bin - 1) >> 1;
              }
            }
          }
          previous = bin;
          for (let k = 0; k < classes; k++) {
            const moved = histogram[bin * classes + k];
            leftSquares += moved * (2 * left[k] + moved);
            rightSquares += moved * (moved - 2 * (whole[k] - left[k]));
            left[k] += moved;
            leftWeight += moved;
            histogram[bin * classes + k] = 0;
          }
        }
      }
    }

    if (bestFeature < 0) {
      tree[3 * node] = -1;
      tree[3 * node + 1] = 0;
      tree[3 * node + 2] = leaves;
      counts.set(whole.subarray(0, classes), leaves * classes);
      leaves++;
      continue;
    }

    const column = bestFeature * rows;
    let middle = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = drawn[2 * i];
      const code = drawn[2 * i + 1];
      if (bins[column + row] <= bestBin) {
        drawn[2 * middle] = row;
        drawn[2 * middle + 1] = code;
        middle++;
      } else {
        aside[2 * right] = row;
        aside[2 * right + 1] = code;
        right++;
      }
    }
    drawn.set(aside.subarray(0, 2 * right), 2 * middle);

    tree[3 * node] = bestFeature;
    tree[3 * node + 1] = bestBin;
    tree[3 * node + 2] = nodes;
    importances[bestFeature] += best - squares / weight;
    const leftFirst = middle - start < end - middle;
    const larger = leftFirst ? [middle, end, depth + 1, nodes + 1] : [start, middle, depth + 1, nodes];
    const smaller = leftFirst ? [start, middle, depth + 1, nodes] : [middle, end, depth + 1, nodes + 1];
    stack.set(larger, 4 * waiting);
    stack.set(smaller, 4 * waiting + 4);
    waiting += 2;
    nodes += 2;
  }
  return nodes;
}
