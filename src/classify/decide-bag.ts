/** Share of the bags on the outer side of a limit of the band that must be what they are called there. */
const SURE = 0.95;

/**
 * Scores that are not to be called: from `low` to `high`, around the threshold. `low` is the highest score below which at least 95 % of
 * the bags are negative, `high` the lowest at and above which at least 95 % are positive; neither crosses the threshold. Where the labels
 * are separated there is no such score, and both are the threshold.
 */
export function indeterminateBand(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  threshold: number,
): [low: number, high: number] {
  const bags = Array.from(labels, (label, i) => ({ score: scores[i], positive: label !== 0 }));
  const sure = (side: readonly { positive: boolean }[], positive: boolean) =>
    side.length > 0 && side.filter((bag) => bag.positive === positive).length >= SURE * side.length;
  const lows = [threshold, ...bags.map(({ score }) => score).filter((score) => score < threshold)];
  const highs = [threshold, ...bags.map(({ score }) => score).filter((score) => score > threshold)];
  const low = lows.filter((limit) =>
    sure(
      bags.filter(({ score }) => score < limit),
      false,
    ),
  );
  const high = highs.filter((limit) =>
    sure(
      bags.filter(({ score }) => score >= limit),
      true,
    ),
  );
  return [
    low.length ? Math.max(...low) : Math.min(0, threshold),
    high.length ? Math.min(...high) : Math.max(1, threshold),
  ];
}

/** What is said of a score: below the band negative, above it positive; within it, its limits too unless it has no width, indeterminate. */
export function decideBag(
  score: number,
  threshold: number,
  [low, high]: readonly [number, number],
): "negative" | "indeterminate" | "positive" {
  if (score >= low && score < high) return "indeterminate";
  return score >= threshold ? "positive" : "negative";
}
