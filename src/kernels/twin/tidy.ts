import { areaScale } from "./area-scale.js";
import { gather } from "./gather.js";
import { linearBaseline } from "./linear-baseline.js";
import { minMax } from "./min-max.js";
import { peakScale } from "./peak-scale.js";
import { snv } from "./snv.js";
import { vectorNorm } from "./vector-norm.js";

/** What `tidy` scales by, by its number. */
export const scalings = ["none", "length", "area", "peak", "range", "deviation"] as const;

/**
 * Take chosen rows through three steps at once: select stretches of bands (a first band and a length each), subtract the straight
 * pieces through `nodes` (none if there are no nodes), scale by the number of a scaling. Row `rows[i]` of `values` becomes row i of
 * `out`. Every step is the kernel of its own name, one row at a time, so the results are theirs to the bit: `gather`,
 * `linearBaseline`, then `vectorNorm`, `areaScale`, `peakScale`, `minMax` or `snv`. `weights` are those of the area; [first, end) are
 * the bands of area or peak; for the deviation `first` is ddof.
 */
export function tidy(
  values: Float32Array,
  bands: number,
  rows: Int32Array,
  count: number,
  stretches: Int32Array,
  stretchCount: number,
  nodes: Int32Array,
  nodeCount: number,
  ramp: Float32Array,
  scaling: number,
  weights: Float64Array,
  first: number,
  end: number,
  outBands: number,
  out: Float32Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = values.subarray(rows[i] * bands, (rows[i] + 1) * bands);
    const to = out.subarray(i * outBands, (i + 1) * outBands);
    gather(row, 1, bands, stretches, stretchCount, outBands, to);
    // In place: a piece reads both its nodes before it writes, and leaves the right one to the next.
    if (nodeCount > 0) linearBaseline(to, 1, outBands, nodes, nodeCount, ramp, to);
    if (scaling === 1) vectorNorm(to, 1, outBands, to);
    else if (scaling === 2) areaScale(to, 1, outBands, weights, first, end - first, to);
    else if (scaling === 3) peakScale(to, 1, outBands, first, end, to);
    else if (scaling === 4) minMax(to, 1, outBands, to);
    else if (scaling === 5) snv(to, 1, outBands, first, to);
  }
}
