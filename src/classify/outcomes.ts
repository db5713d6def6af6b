import type { Predictions } from "../cube/predictions.js";
import { predictedClasses } from "./confusion.js";

/** What a stain makes of held-out rows, where limits and temperature were fitted without them too. */
export interface StainedRows {
  /** Calibrated: `probabilities[row * classes + k]`. */
  readonly probabilities: Float32Array;
  /** 1 for a row outside the domain. */
  readonly outside: Uint8Array;
}

/** The columns behind the classes in a confusion of outcomes. */
export const NOT_CLASSIFIED = ["rejected", "unclassified"] as const;

/**
 * What each row is given by the rule of the stain: class k, or `classes` where it is outside the domain, or `classes + 1` where its best
 * class is less probable than the threshold.
 */
export function outcomes(
  predictions: Predictions,
  { probabilities, outside }: StainedRows,
  threshold: number,
): Uint8Array {
  const classes = predictions.classNames.length;
  return predictedClasses({ ...predictions, probabilities }).map((best, row) =>
    outside[row] ? classes : probabilities[row * classes + best] < threshold ? classes + 1 : best,
  );
}
