import { quantileSorted } from "simple-statistics";

/** What shuffled labels gave, beside the figure of the true labels under the same settings. */
export interface NullTest {
  /** Shuffles. */
  readonly repeats: number;
  /** Of the true labels, with the same folds, components and trees as every shuffle. */
  readonly observed: number;
  /** Mean of the shuffles. */
  readonly mean: number;
  /** The central 95 % of the shuffles; no interval of any estimate. */
  readonly interval: readonly [low: number, high: number];
  /** Shuffles whose figure is at least the observed one. */
  readonly atLeast: number;
  /** One-sided. */
  readonly p: number;
  /** The smallest p that so many shuffles can give. */
  readonly floor: number;
}

/**
 * How rare a figure as high as the observed one is among those of shuffled labels: p = (1 + shuffles that reach it) / (1 + shuffles),
 * which never promises more than so many shuffles can show. Undefined for none.
 * Phipson and Smyth 2010, doi:10.2202/1544-6115.1585.
 */
export function nullTest(observed: number, shuffled: readonly number[]): NullTest | undefined {
  const repeats = shuffled.length;
  if (repeats === 0) return undefined;
  const sorted = [...shuffled].sort((a, b) => a - b);
  // Sums in another order differ in the last digit: a figure that is equal but for that is at least the observed one.
  const atLeast = sorted.filter((value) => value >= observed - 1e-12).length;
  return {
    repeats,
    observed,
    mean: sorted.reduce((sum, value) => sum + value, 0) / repeats,
    interval: [quantileSorted(sorted, 0.025), quantileSorted(sorted, 0.975)],
    atLeast,
    p: (1 + atLeast) / (1 + repeats),
    floor: 1 / (1 + repeats),
  };
}
