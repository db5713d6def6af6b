import type { CalibrationFinding } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { predictedClasses } from "./confusion.js";

const bins = 10;

/**
 * How far the probabilities can be taken at their word.
 *
 * Reliability: pixels are binned by the probability of their predicted class, bin b holding (b/10, (b + 1)/10]; a bin gives
 * the mean of that probability, the share predicted rightly, and its pixels; bins without pixels are left out.
 * `expectedError` is the mean distance of the two over the pixels: Guo et al. 2017, arXiv:1706.04599.
 * `brier` is the mean over pixels of Σₖ (pₖ − [truth is k])², from 0 to 2: Brier 1950, over all classes as in the paper.
 */
export function calibration(predictions: Predictions): CalibrationFinding {
  const { count, probabilities, truth, classNames } = predictions;
  const classes = classNames.length;
  const predicted = predictedClasses(predictions);
  const pixels = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  const right = new Float64Array(bins);
  let squares = 0;
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < classes; k++) {
      squares += (probabilities[row * classes + k] - (truth[row] === k ? 1 : 0)) ** 2;
    }
    const best = probabilities[row * classes + predicted[row]];
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(best * bins) - 1));
    pixels[bin]++;
    confidence[bin] += best;
    if (predicted[row] === truth[row]) right[bin]++;
  }
  let distance = 0;
  for (let bin = 0; bin < bins; bin++) distance += Math.abs(right[bin] - confidence[bin]);
  return {
    bins: [...pixels.keys()]
      .filter((bin) => pixels[bin] > 0)
      .map((bin) => ({
        predicted: confidence[bin] / pixels[bin],
        observed: right[bin] / pixels[bin],
        pixels: pixels[bin],
      })),
    brier: squares / count,
    expectedError: distance / count,
  };
}
