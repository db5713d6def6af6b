import { quantileSorted } from "simple-statistics";

/** The range of colours of a map: from 0 to the 99th percentile of all its pixels, once a slide; and its highest value. */
export interface SlideScale {
  readonly range: readonly [low: number, high: number];
  readonly highest: number;
}

export function slideScale(values: Float32Array, percentile = 0.99): SlideScale {
  const sorted = Array.from(values.filter(Number.isFinite)).sort((a, b) => a - b);
  if (!sorted.length) return { range: [0, 1], highest: 0 };
  const high = quantileSorted(sorted, percentile);
  return { range: [0, high > 0 ? high : 1], highest: sorted[sorted.length - 1] };
}

/** The share of the values that are below each value, equal ones counting half: attention as CLAM shows it, for it is no probability. */
export function percentiles(values: Float32Array): Float32Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const ranks = new Float32Array(values.length);
  for (let from = 0; from < order.length; ) {
    let end = from;
    while (end < order.length && values[order[end]] === values[order[from]]) end++;
    for (let i = from; i < end; i++) ranks[order[i]] = (from + end) / 2 / values.length;
    from = end;
  }
  return ranks;
}
