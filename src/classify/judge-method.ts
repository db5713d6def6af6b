import type { BinaryScores, MethodFinding } from "../cube/diagnosis-findings.js";
import { SpectraError } from "../cube/errors.js";
import type { Figure } from "../cube/findings.js";
import { bagCalibration } from "./bag-calibration.js";
import { binaryConfusion, binaryScores, scoreNames } from "./binary-scores.js";
import { figures, type MethodScores, patientsOf, repeatsOf } from "./pooled-scores.js";
import { binaryRoc, rocBand } from "./roc-band.js";
import { spread } from "./spread.js";
import { wilson } from "./wilson.js";

type Fold = Omit<MethodFinding["perFold"][number], "epoch">;

/** All that follows from the scores of a method on bags of held-out patients. */
export type JudgedMethod = Omit<
  MethodFinding,
  "id" | "title" | "role" | "spec" | "scoreName" | "perFold" | "convergence" | "challenge"
> & { readonly perFold: readonly Fold[] };

/** Scores this near to 0 or 1 are as good as decided. */
const DECIDED = 0.02;
const WORST = 5;

/**
 * Judge a method by its out-of-fold scores: per fold, over folds (mean and sample standard deviation), as the mean of all repeats with
 * intervals by patient, and by patient. Decisions are made at the threshold of the fold that a bag was tested in, and at 0.5.
 */
export function judgeMethod(input: MethodScores): JudgedMethod {
  const { labels, patients, outOfFold } = input;
  const { repeats } = outOfFold;
  const bags = [...labels.keys()];
  for (const { scores } of repeats) {
    const broken = scores.findIndex(Number.isNaN);
    if (broken < 0) continue;
    const message = `the score of ${input.bagNames[broken]} is not a number: a method cannot be judged by it`;
    throw new SpectraError("range", "classify", message);
  }
  const cells = repeats.flatMap((of, repeat) => {
    const folds = [...new Set(of.fold)].sort((a, b) => a - b);
    return folds.map((fold) => ({ repeat, fold, of, members: bags.filter((bag) => of.fold[bag] === fold) }));
  });
  const scoresIn = ({ of, members }: (typeof cells)[number], threshold?: number) =>
    binaryScores({
      labels: members.map((bag) => labels[bag]),
      scores: members.map((bag) => of.scores[bag]),
      called: members.map((bag) => of.scores[bag] >= (threshold ?? of.thresholds[bag])),
    });
  const perFold = cells.map((cell): Fold => {
    const found = scoresIn(cell);
    const { repeat, fold, of, members } = cell;
    return {
      repeat,
      fold,
      patients: new Set(members.map((bag) => patients[bag])).size,
      bags: members.length,
      threshold: of.thresholds[members[0]],
      ...each((name) => given(found[name])),
    };
  });
  const atHalf = cells.map((cell) => scoresIn(cell, 0.5));
  const [first] = repeats;
  const pooled = repeatsOf(input);
  const all = {
    scores: pooled.repeats.flatMap(({ scores }) => scores),
    labels: pooled.repeats.flatMap(({ labels: of }) => of),
  };
  const thresholds = Array.from({ length: 101 }, (_, i) => i / 100);
  const swept = thresholds.map((threshold) => cells.map((cell) => scoresIn(cell, threshold)));
  const sweepOf = (name: "accuracy" | "precision" | "recall") => swept.map((at) => spread(at.map((of) => of[name])));
  const curves = cells.flatMap(
    ({ of, members }) =>
      binaryRoc(
        members.map((bag) => of.scores[bag]),
        members.map((bag) => labels[bag]),
      ) ?? [],
  );
  const calledFirst = bags.map((bag) => first.scores[bag] >= first.thresholds[bag]);
  const [[tn, fp], [fn, tp]] = binaryConfusion(labels, calledFirst);
  const share = all.scores.filter((score) => score < DECIDED || score > 1 - DECIDED).length / all.scores.length;
  return {
    perFold,
    overFolds: each((name) => spread(perFold.map((of) => of[name] ?? Number.NaN))),
    overFoldsAtHalf: each((name) => spread(atHalf.map((of) => of[name]))),
    perRepeat: repeats.map((_, repeat) => {
      const of = perFold.filter((fold) => fold.repeat === repeat);
      return { repeat, scores: each((name) => spread(of.map((fold) => fold[name] ?? Number.NaN))) };
    }),
    pooled: figures(pooled),
    byPatient: figures(patientsOf(input)),
    wilson: {
      accuracy: proportion(tp + tn, labels.length),
      precision: proportion(tp, tp + fp),
      recall: proportion(tp, tp + fn),
    },
    sweep: { thresholds, accuracy: sweepOf("accuracy"), precision: sweepOf("precision"), recall: sweepOf("recall") },
    roc: { ...rocBand(curves), pooled: binaryRoc(first.scores, labels) ?? { falsePositive: [], truePositive: [] } },
    confusion: repeats.map(({ scores, thresholds: limits }) =>
      binaryConfusion(
        labels,
        bags.map((bag) => scores[bag] >= limits[bag]),
      ),
    ),
    calibration: bagCalibration(all.scores, all.labels),
    saturated: { share, warning: share > 0.9 },
    removable: removableOf(first.scores, labels),
    worst: bags
      .map((bag) => ({ bag, wrong: labels[bag] ? 1 - first.scores[bag] : first.scores[bag] }))
      .sort((a, b) => b.wrong - a.wrong || a.bag - b.bag)
      .slice(0, WORST)
      .map(({ bag }) => ({
        bag: input.bagNames[bag],
        truth: input.classNames[labels[bag] ? 1 : 0],
        score: first.scores[bag],
      })),
  };
}

function each<T>(value: (name: (typeof scoreNames)[number]) => T): BinaryScores<T> {
  return Object.fromEntries(scoreNames.map((name) => [name, value(name)])) as unknown as BinaryScores<T>;
}

const given = (value: number): number | null => (Number.isFinite(value) ? value : null);

function proportion(k: number, n: number): Figure {
  const interval = wilson(k, n);
  return interval
    ? { value: k / n, unit: "1", interval }
    : { value: null, unit: "1", reason: "not defined: there is nothing to count" };
}

/** Share of all bags that score below every positive bag: they could be set aside without missing one. */
function removableOf(scores: ArrayLike<number>, labels: Uint8Array): number | null {
  const positives = [...labels.keys()].filter((bag) => labels[bag]);
  if (!positives.length) return null;
  const lowest = Math.min(...positives.map((bag) => scores[bag]));
  return [...labels.keys()].filter((bag) => scores[bag] < lowest).length / labels.length;
}
