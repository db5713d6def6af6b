import { type ForestData, type ForestOptions, fitTrees, type TreeRange } from "../classify/fit-forest.js";

export interface GrowInput {
  readonly data: ForestData;
  readonly options: ForestOptions;
  readonly from: number;
  readonly to: number;
}

/** Fit some trees of a forest; every tree has a seed of its own, so the split into ranges does not matter. */
export function growTrees({ data, options, from, to }: GrowInput): TreeRange {
  return fitTrees(data, options, from, to);
}
