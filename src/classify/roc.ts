import type { Predictions } from "../cube/predictions.js";
import { ascendingOrder } from "./ascending.js";
import { probabilitiesOf } from "./auc.js";

/** Shares of the others (`falsePositive`) and of the class (`truePositive`) at or above falling thresholds, from 0 to 1. */
export interface RocCurve {
  readonly name: string;
  readonly falsePositive: readonly number[];
  readonly truePositive: readonly number[];
}

/**
 * The ROC curve of class k against all others, from (0, 0) to (1, 1), one point a distinct score; ties are one step.
 * Thinned to at most 101 points: of the points in each hundredth of the curve's length, measured along both axes
 * together, the first is kept. Undefined when the class or its opposite has no pixel, or a score is not a number.
 */
export function rocCurve(predictions: Predictions, k: number): RocCurve | undefined {
  const { truth, count } = predictions;
  const scores = probabilitiesOf(predictions, k);
  const positives = truth.reduce((sum, label) => sum + (label === k ? 1 : 0), 0);
  const negatives = count - positives;
  if (positives === 0 || negatives === 0 || scores.some(Number.isNaN)) return undefined;

  const order = ascendingOrder(scores);
  const falsePositive = [0];
  const truePositive = [0];
  let hundredth = 0;
  let above = 0;
  for (let i = count - 1; i >= 0; i--) {
    if (truth[order[i]] === k) above++;
    if (i > 0 && scores[order[i - 1]] === scores[order[i]]) continue;
    const x = (count - i - above) / negatives;
    const y = above / positives;
    const at = i === 0 ? 100 : Math.min(99, Math.floor((x + y) * 50));
    if (at === hundredth) continue;
    hundredth = at;
    falsePositive.push(x);
    truePositive.push(y);
  }
  return { name: predictions.classNames[k], falsePositive, truePositive };
}
