import { innerPatients } from "../classify/bag-folds.js";
import type { Instances } from "../cube/bag.js";
import type { OutOfFold } from "../cube/mil.js";

/** One fold of one repeat: the bags to learn from, to choose with and to be tried on. */
export interface Split {
  readonly repeat: number;
  readonly fold: number;
  readonly train: readonly number[];
  readonly inner: readonly number[];
  readonly test: readonly number[];
}

/** Share of the training patients that choose epoch and threshold. */
const INNER = 0.2;

/** Part the bags for fold `f` of a deal of the patients; the inner patients are drawn by the seed of the deal. */
export function splitOf(
  { patient, label }: Pick<Instances, "patient" | "label">,
  deal: { readonly seed: number | string; readonly fold: Int32Array },
  repeat: number,
  f: number,
  /** The bags that were dealt; all if not given. */
  bags: readonly number[] = [...patient.keys()],
): Split {
  const rest = bags.filter((bag) => deal.fold[patient[bag]] !== f);
  const chosen = innerPatients({ patient, label, bags: rest, share: INNER, seed: `${deal.seed}/${f}` });
  return {
    repeat,
    fold: f,
    train: rest.filter((bag) => !chosen.has(patient[bag])),
    inner: rest.filter((bag) => chosen.has(patient[bag])),
    test: bags.filter((bag) => deal.fold[patient[bag]] === f),
  };
}

/** Put what every fold says of its test bags together, a repeat at a time. */
export function outOfFold(
  splits: readonly Split[],
  bags: number,
  said: (split: Split, s: number) => { readonly scores: ArrayLike<number>; readonly threshold: number },
): OutOfFold {
  const repeats = Array.from({ length: Math.max(...splits.map(({ repeat }) => repeat)) + 1 }, () => ({
    scores: new Float64Array(bags),
    thresholds: new Float64Array(bags),
    fold: new Int32Array(bags),
  }));
  for (const [s, split] of splits.entries()) {
    const { scores, threshold } = said(split, s);
    const of = repeats[split.repeat];
    for (const [place, bag] of split.test.entries()) {
      of.scores[bag] = scores[place];
      of.thresholds[bag] = threshold;
      of.fold[bag] = split.fold;
    }
  }
  return { repeats };
}
