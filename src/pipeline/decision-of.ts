import { chooseThreshold } from "../classify/choose-threshold.js";
import { indeterminateBand } from "../classify/decide-bag.js";
import { fuse } from "../classify/fuse.js";
import { platt } from "../classify/platt.js";
import type { MilModel, OutOfFold } from "../cube/mil.js";

/**
 * What turns the score of a new case into words: threshold, band, calibration and the weights of the fused score, all fitted on the
 * scores that the bags of the study got from networks that had not seen their patients, their mean over the repeats.
 */
export function decisionOf(
  { repeats }: OutOfFold,
  labels: Uint8Array,
  shares: Float64Array | undefined,
): MilModel["decision"] {
  const scores = Float64Array.from(labels, (_, bag) => {
    return repeats.reduce((sum, repeat) => sum + repeat.scores[bag], 0) / repeats.length;
  });
  const { threshold } = chooseThreshold(scores, labels);
  return {
    threshold,
    band: indeterminateBand(scores, labels, threshold),
    calibration: platt(scores, labels),
    stainThreshold: shares && chooseThreshold(shares, labels).threshold,
    fusion: shares && fuse(scores, shares, labels),
  };
}
