import type { MethodFinding } from "../cube/diagnosis-findings.js";
import { logistic, logit } from "./logistic.js";

/**
 * How far scores of bags can be taken at their word: reliability in ten bins, the mean squared distance from the truth (Brier's score of
 * two classes, 0 to 1), the mean distance from the diagonal, and slope and intercept of the truth on the logit of the score.
 */
export function bagCalibration(scores: readonly number[], labels: readonly number[]): MethodFinding["calibration"] {
  const bins = Array.from({ length: 10 }, () => ({ predicted: 0, observed: 0, bags: 0 }));
  let squares = 0;
  for (const [i, score] of scores.entries()) {
    const bin = bins[Math.min(9, Math.floor(score * 10))];
    bin.predicted += score;
    bin.observed += labels[i];
    bin.bags++;
    squares += (score - labels[i]) ** 2;
  }
  const distance = bins.reduce((sum, { predicted, observed }) => sum + Math.abs(predicted - observed), 0);
  const weights = logistic([scores.map(logit)], labels);
  return {
    bins: bins
      .filter(({ bags }) => bags > 0)
      .map(({ predicted, observed, bags }) => ({ predicted: predicted / bags, observed: observed / bags, bags })),
    brier: squares / scores.length,
    expectedError: distance / scores.length,
    slope: weights ? weights[0] : null,
    intercept: weights ? weights[1] : null,
  };
}
