import { sigmoid } from "../cube/sigmoid.js";
import { logistic, logit } from "./logistic.js";

/** Calibrated probability = 1 / (1 + exp(−(slope · logit(score) + intercept))). */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Fit a calibration of scores from 0 to 1 by logistic regression on their logits, with Platt's targets (n₊ + 1)/(n₊ + 2) and
 * 1/(n₋ + 2) instead of 1 and 0, so that it settles where the labels are separated. Scores that order the labels backwards say nothing
 * of a new bag that could be used: the slope is then 0, and the probability that of any bag.
 * Source: Platt 1999; Lin, Lin and Weng 2007, doi:10.1007/s10994-007-5018-6.
 */
export function platt(scores: ArrayLike<number>, labels: ArrayLike<number>): Calibration {
  const positives = Array.from(labels).filter(Boolean).length;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  const targets = Array.from(labels, (label) => (label ? high : low));
  const logits = Array.from(scores, logit);
  // A trace of a ridge, for scores that are all the same.
  const weights = logistic([logits], labels, { targets, ridge: 1e-6 });
  if (!weights) return { slope: 1, intercept: 0 };
  // Falling where the call turns positive, a probability would contradict the answer beside it.
  if (weights[0] <= 0) return { slope: 0, intercept: Math.log((positives + 1) / (labels.length - positives + 1)) };
  return { slope: weights[0], intercept: weights[1] };
}

/** The calibrated probability of a score. */
export function calibrate(score: number, { slope, intercept }: Calibration): number {
  return sigmoid(slope * logit(score) + intercept);
}
