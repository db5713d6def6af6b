import type { MilModel } from "../cube/mil.js";
import type { Model } from "../cube/model.js";
import { hashOfData } from "./hash-of-data.js";

/**
 * A hash over all that decides what a model says of a pixel: steps, axis, components, forest, limits, threshold, smoothing and classes.
 * How it was fitted, from what, and what its colours and its name are change no number and do not belong to it.
 */
export function modelKey({ palette: _, provenance: _1, pipeline, forest, ...says }: Model): string {
  const { importances: _2, outOfBagAccuracy: _3, ...trees } = forest;
  const { steps, stain } = pipeline;
  return hashOfData({ ...says, steps, stain, forest: trees });
}

/** A hash over all that decides what a diagnosis says of a bag; what the study found and from whom does not belong to it. */
export function milModelKey({ provenance: _, ...says }: MilModel): string {
  return hashOfData(says);
}
