import { areaScale } from "./area-scale";
import { gather } from "./gather";
import { linearBaseline } from "./linear-baseline";
import { minMax } from "./min-max";
import { peakScale } from "./peak-scale";
import { snv } from "./snv";
import { vectorNorm } from "./vector-norm";

/**
 * values: … × bands f32; rows: count i32; stretches: stretchCount × (first band, length) i32; nodes: nodeCount i32;
 * ramp: outBands f32; weights: end − first f64; out: count × outBands f32.
 * A row of 676 bands is 2.7 KB: between the steps it stays in the first-level cache.
 */
export function tidy(
  values: usize,
  bands: i32,
  rows: usize,
  count: i32,
  stretches: usize,
  stretchCount: i32,
  nodes: usize,
  nodeCount: i32,
  ramp: usize,
  scaling: i32,
  weights: usize,
  first: i32,
  end: i32,
  outBands: i32,
  out: usize,
): void {
  for (let i = 0; i < count; i++) {
    const to = out + ((<usize>i * outBands) << 2);
    const row = load<i32>(rows + ((<usize>i) << 2));
    let from = values + ((<usize>row * bands) << 2);
    if (stretchCount === 1) {
      from += (<usize>load<i32>(stretches)) << 2;
    } else {
      gather(from, 1, bands, stretches, stretchCount, outBands, to);
      from = to;
    }
    if (nodeCount > 0) {
      // In place after a gather: a piece reads both its nodes before it writes, and leaves the right one to the next.
      linearBaseline(from, 1, outBands, nodes, nodeCount, ramp, to);
      from = to;
    }
    if (scaling === 1) vectorNorm(from, 1, outBands, to);
    else if (scaling === 2) areaScale(from, 1, outBands, weights, first, end - first, to);
    else if (scaling === 3) peakScale(from, 1, outBands, first, end, to);
    else if (scaling === 4) minMax(from, 1, outBands, to);
    else if (scaling === 5) snv(from, 1, outBands, first, to);
    else if (from !== to) memory.copy(to, from, (<usize>outBands) << 2);
  }
}
