import { SpectraError } from "../cube/errors.js";
import { wilson } from "./wilson.js";

/** Limits of the scores that are not to be called: below `low` negative, at and above `high` positive; null where nothing is called so. */
export type Band = readonly [low: number | null, high: number | null];

/** Share of the bags on a called side that must be what they are called. */
const RIGHT = 0.95;
/** What the lower limit of Wilson's 95 % interval of that share must be: few bags that are right by chance are not sure. */
const SURE = 0.8;
/** No side is called by fewer bags. */
const FEWEST = 10;

/**
 * Scores that are not to be called, around the threshold. `low` is the highest score, not above the threshold, below which bags are surely
 * negative: at least 10 of them, at least 95 % of these negative, and Wilson's lower limit of that share at least 0.8. `high` is the
 * lowest score, not below the threshold, at and above which they are as surely positive. Where both sides are sure at the threshold
 * itself, both are the threshold. docs/validation.md has how often it calls, and errs.
 */
export function indeterminateBand(scores: ArrayLike<number>, labels: ArrayLike<number>, threshold: number): Band {
  const bags = Array.from(labels, (label, i) => ({ score: scores[i], positive: label !== 0 }));
  const sure = (side: readonly { positive: boolean }[], positive: boolean) => {
    const right = side.filter((bag) => bag.positive === positive).length;
    return side.length >= FEWEST && right >= RIGHT * side.length && wilson(right, side.length)![0] >= SURE;
  };
  const low = [threshold, ...bags.map(({ score }) => score).filter((score) => score < threshold)].filter((limit) =>
    sure(
      bags.filter(({ score }) => score < limit),
      false,
    ),
  );
  const high = [threshold, ...bags.map(({ score }) => score).filter((score) => score > threshold)].filter((limit) =>
    sure(
      bags.filter(({ score }) => score >= limit),
      true,
    ),
  );
  return [low.length ? Math.max(...low) : null, high.length ? Math.min(...high) : null];
}

/** What is said of a score: below the band negative, at its upper limit and above positive; between them indeterminate. */
export function decideBag(score: number, [low, high]: Band): "negative" | "indeterminate" | "positive" {
  if (Number.isNaN(score)) {
    throw new SpectraError("range", "classify", "the score of a bag is not a number: nothing can be said of it");
  }
  if (low !== null && score < low) return "negative";
  return high !== null && score >= high ? "positive" : "indeterminate";
}
