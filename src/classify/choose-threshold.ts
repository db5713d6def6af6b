/** The threshold that suits some scores best, and the balanced accuracy there; null where one class is missing. */
export interface ChosenThreshold {
  readonly threshold: number;
  readonly balancedAccuracy: number | null;
}

/**
 * The threshold with the best balanced accuracy, a score at or above it being positive. Thresholds lie in the middle between two
 * neighbouring scores; of equally good ones that in the widest gap is taken, then the one nearest 0.5. Without both classes, or with
 * scores that are all the same, 0.5.
 */
export function chooseThreshold(scores: ArrayLike<number>, labels: ArrayLike<number>): ChosenThreshold {
  const order = Array.from(labels, (_, i) => i).sort((a, b) => scores[a] - scores[b] || a - b);
  const positives = order.filter((i) => labels[i]).length;
  const negatives = order.length - positives;
  if (!positives || !negatives) return { threshold: 0.5, balancedAccuracy: null };
  let best = { threshold: 0.5, balancedAccuracy: 0.5, gap: -1 };
  let found = false;
  let missed = 0;
  let spared = 0;
  for (let at = 0; at + 1 < order.length; at++) {
    if (labels[order[at]]) missed++;
    else spared++;
    const low = scores[order[at]];
    const high = scores[order[at + 1]];
    if (high === low) continue;
    const balancedAccuracy = (1 - missed / positives + spared / negatives) / 2;
    const threshold = (low + high) / 2;
    const gap = high - low;
    const better =
      balancedAccuracy - best.balancedAccuracy ||
      gap - best.gap ||
      Math.abs(best.threshold - 0.5) - Math.abs(threshold - 0.5);
    if (better > 0) {
      best = { threshold, balancedAccuracy, gap };
      found = true;
    }
  }
  return found
    ? { threshold: best.threshold, balancedAccuracy: best.balancedAccuracy }
    : { threshold: 0.5, balancedAccuracy: 0.5 };
}
