import type { Training } from "./training.js";

/** Training scores in 256 bins a feature, as the histograms of `growTree` want them. */
export interface Binned {
  /** `bins[feature * rows + row]`: how many edges of the feature are below the value. */
  readonly bins: Uint8Array;
  /** Ascending edges a feature, at most 255; x ≤ edge is the lower side. */
  readonly edges: readonly Float32Array[];
}

/**
 * Cut every feature into at most 256 bins of about equally many rows. An edge lies midway between two neighbouring values
 * of the training data; with 256 different values or fewer every such gap has one, and nothing is lost.
 */
export function binFeatures({ values, rows, features }: Pick<Training, "values" | "rows" | "features">): Binned {
  const bins = new Uint8Array(rows * features);
  const edges: Float32Array[] = [];
  const column = new Float32Array(rows);
  for (let feature = 0; feature < features; feature++) {
    for (let row = 0; row < rows; row++) column[row] = values[row * features + feature];
    const cuts = edgesOf(Float32Array.from(column).sort());
    for (let row = 0; row < rows; row++) bins[feature * rows + row] = binOf(cuts, column[row]);
    edges.push(cuts);
  }
  return { bins, edges };
}

function edgesOf(sorted: Float32Array): Float32Array {
  const rows = sorted.length;
  const gaps: number[] = [];
  for (let i = 1; i < rows; i++) if (sorted[i] !== sorted[i - 1]) gaps.push(i);
  if (gaps.length <= 255) return Float32Array.from(gaps, (gap) => between(sorted[gap - 1], sorted[gap]));
  const chosen: number[] = [];
  let gap = 0;
  for (let cut = 1; cut < 256 && gap < gaps.length; cut++) {
    // The first gap at or after the quantile; a long run of equal values takes one edge, not many.
    const wanted = Math.round((cut * rows) / 256);
    while (gap < gaps.length && gaps[gap] < wanted) gap++;
    if (gap === gaps.length) break;
    chosen.push(between(sorted[gaps[gap] - 1], sorted[gaps[gap]]));
    gap++;
  }
  return Float32Array.from(chosen);
}

/** The float32 midway between two, never the upper one, so that lower ≤ edge < upper. */
function between(lower: number, upper: number): number {
  const middle = Math.fround(lower + (upper - lower) / 2);
  return middle < upper ? middle : lower;
}

function binOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
