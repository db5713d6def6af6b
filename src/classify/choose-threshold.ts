import { SpectraError } from "../cube/errors.js";

/** The threshold that suits some scores best, and the balanced accuracy there; null where one class is missing. */
export interface ChosenThreshold {
  readonly threshold: number;
  readonly balancedAccuracy: number | null;
}

/**
 * The threshold with the best balanced accuracy, a score at or above it being positive. Thresholds lie in the middle between two
 * neighbouring scores; of equally good ones that in the widest gap is taken, then the one nearest 0.5. Where none is better than chance,
 * as with reversed scores, 0.5 with the balanced accuracy that it has; without both classes 0.5 and none.
 */
export function chooseThreshold(scores: ArrayLike<number>, labels: ArrayLike<number>): ChosenThreshold {
  const order = Array.from(labels, (_, i) => i).sort((a, b) => scores[a] - scores[b] || a - b);
  const broken = order.find((i) => Number.isNaN(scores[i]));
  if (broken !== undefined) {
    throw new SpectraError("range", "classify", `score ${broken} is not a number: no threshold can be chosen by it`);
  }
  const positives = order.filter((i) => labels[i]).length;
  const negatives = order.length - positives;
  if (!positives || !negatives) return { threshold: 0.5, balancedAccuracy: null };
  // Twice the balanced accuracy times positives × negatives: whole numbers, so that equally good thresholds are equal.
  const right = (missed: number, spared: number) => (positives - missed) * negatives + spared * positives;
  const chance = positives * negatives;
  let best = { threshold: 0.5, right: -1, gap: 0 };
  let missed = 0;
  let spared = 0;
  for (let at = 0; at + 1 < order.length; at++) {
    if (labels[order[at]]) missed++;
    else spared++;
    const low = scores[order[at]];
    const high = scores[order[at + 1]];
    if (high === low) continue;
    const middle = (low + high) / 2;
    // Between two numbers that are next to each other there is none: their middle is one of them, and the lower is not above itself.
    const one = { threshold: middle > low ? middle : high, right: right(missed, spared), gap: high - low };
    const better =
      one.right - best.right || one.gap - best.gap || Math.abs(best.threshold - 0.5) - Math.abs(one.threshold - 0.5);
    if (better > 0) best = one;
  }
  if (best.right < chance) {
    const below = order.filter((i) => scores[i] < 0.5);
    const lost = below.filter((i) => labels[i]).length;
    best = { threshold: 0.5, right: right(lost, below.length - lost), gap: 0 };
  }
  return { threshold: best.threshold, balancedAccuracy: best.right / (2 * chance) };
}
