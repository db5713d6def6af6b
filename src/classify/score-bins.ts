import type { Figure } from "../cube/findings.js";

/** Scores from 0 to 1 of pixels that are of a class and of pixels that are not, counted in fine bins: any number of them. */
export interface ScoreBins {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** The lowest and the highest score in each bin. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
}

/** An area under the ROC curve that may be off by `within` at the most. */
export interface BinnedAuc {
  readonly figure: Figure;
  readonly within: number;
}

/** So many bins of equal width between 0 and 1; 0 itself and 1 itself have one of their own, because a forest gives them often. */
export function openScoreBins(bins: number): ScoreBins {
  return {
    positives: new Float64Array(bins + 2),
    negatives: new Float64Array(bins + 2),
    lowest: new Float32Array(bins + 2).fill(Number.POSITIVE_INFINITY),
    highest: new Float32Array(bins + 2).fill(Number.NEGATIVE_INFINITY),
  };
}

/** Count one score, in place; the order in which scores come leaves no trace. */
export function addScore({ positives, negatives, lowest, highest }: ScoreBins, score: number, positive: boolean): void {
  const bins = positives.length - 2;
  const bin = score <= 0 ? 0 : score >= 1 ? bins + 1 : 1 + Math.floor(score * bins);
  if (positive) positives[bin]++;
  else negatives[bin]++;
  if (score < lowest[bin]) lowest[bin] = score;
  if (score > highest[bin]) highest[bin] = score;
}

/**
 * The area under the ROC curve from counts: the share of pairs in the right order, a pair within one bin counting one half. Of such a
 * pair the true share is 0 to 1, so the area is off by at most half the share of the pairs whose bin holds different scores.
 */
export function binnedAuc({ positives, negatives, lowest, highest }: ScoreBins): BinnedAuc {
  let [ordered, below, unsure, allPositives] = [0, 0, 0, 0];
  for (let bin = 0; bin < positives.length; bin++) {
    const pairs = positives[bin] * negatives[bin];
    ordered += positives[bin] * below + pairs / 2;
    if (lowest[bin] < highest[bin]) unsure += pairs / 2;
    below += negatives[bin];
    allPositives += positives[bin];
  }
  const missing = allPositives === 0 ? "the class" : below === 0 ? "another class" : undefined;
  if (missing) return { figure: { value: null, unit: "1", reason: `there is no pixel of ${missing}` }, within: 0 };
  const all = allPositives * below;
  return { figure: { value: ordered / all, unit: "1" }, within: unsure / all };
}
