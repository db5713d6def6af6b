import type { BinaryScores, MethodFinding, Spread } from "../cube/diagnosis-findings.js";
import type { Figure } from "../cube/findings.js";
import type { OutOfFold } from "../cube/mil.js";
import { binaryConfusion, binaryScores, scoreNames } from "./binary-scores.js";
import { patientBootstrap, percentileInterval } from "./bootstrap.js";
import { logistic, logit } from "./logistic.js";
import { binaryRoc, rocBand } from "./roc-band.js";
import { wilson } from "./wilson.js";

export interface MethodScores {
  readonly bagNames: readonly string[];
  readonly classNames: readonly [string, string];
  /** 1 = positive, and the index of the patient, a bag. */
  readonly labels: Uint8Array;
  readonly patients: Int32Array;
  readonly outOfFold: OutOfFold;
  readonly seed: number | string;
  /** Draws of the patient bootstrap; 1000 if not given. */
  readonly draws?: number;
}

type Fold = Omit<MethodFinding["perFold"][number], "epoch">;

/** All that follows from the scores of a method on bags of held-out patients. */
export type JudgedMethod = Omit<
  MethodFinding,
  "id" | "title" | "role" | "spec" | "scoreName" | "perFold" | "convergence" | "challenge" | "seconds"
> & { readonly perFold: readonly Fold[] };

/** Scores this near to 0 or 1 are as good as decided. */
const DECIDED = 0.02;
const WORST = 5;

/**
 * Judge a method by its out-of-fold scores: per fold, over folds (mean and sample standard deviation), pooled over all repeats with
 * intervals by patient bootstrap, and by patient. Decisions are made at the threshold of the fold that a bag was tested in, and at 0.5.
 */
export function judgeMethod(input: MethodScores): JudgedMethod {
  const { labels, patients, outOfFold, seed, draws = 1000 } = input;
  const { repeats } = outOfFold;
  const bags = [...labels.keys()];
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
  const all = pooledBags(input);
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
    pooled: figures(all, patients, { draws, seed: `${seed}/pooled` }, true),
    byPatient: figures(patientRows(input), patients, { draws, seed: `${seed}/patients` }, false),
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
    calibration: calibrationOf(all.scores, all.labels),
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

/** Mean and sample standard deviation of the values that are numbers. */
export function spread(values: readonly number[]): Spread {
  const known = values.filter(Number.isFinite);
  if (!known.length) return { mean: null, sd: null, folds: 0 };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : null, folds: known.length };
}

interface Rows {
  readonly labels: number[];
  readonly scores: number[];
  readonly called: boolean[];
  /** Index of the patient, a row. */
  readonly patient: number[];
  /** Which repeat a row is of: AUC orders only rows of one repeat. */
  readonly repeat: number[];
}

function pooledBags({ labels, patients, outOfFold }: MethodScores): Rows {
  const rows: Rows = { labels: [], scores: [], called: [], patient: [], repeat: [] };
  for (const [repeat, { scores, thresholds }] of outOfFold.repeats.entries()) {
    for (const [bag, label] of labels.entries()) {
      rows.labels.push(label);
      rows.scores.push(scores[bag]);
      rows.called.push(scores[bag] >= thresholds[bag]);
      rows.patient.push(patients[bag]);
      rows.repeat.push(repeat);
    }
  }
  return rows;
}

/** A patient's score is the highest of the bags'; a patient is, and is called, positive when any bag is. */
function patientRows({ labels, patients, outOfFold }: MethodScores): Rows {
  const rows: Rows = { labels: [], scores: [], called: [], patient: [], repeat: [] };
  for (const [repeat, { scores, thresholds }] of outOfFold.repeats.entries()) {
    for (const patient of [...new Set(patients)].sort((a, b) => a - b)) {
      const own = [...patients.keys()].filter((bag) => patients[bag] === patient);
      rows.labels.push(Math.max(...own.map((bag) => labels[bag])));
      rows.scores.push(Math.max(...own.map((bag) => scores[bag])));
      rows.called.push(own.some((bag) => scores[bag] >= thresholds[bag]));
      rows.patient.push(patient);
      rows.repeat.push(repeat);
    }
  }
  return rows;
}

/** Figures of all repeats, their mean, with the interval by patient bootstrap. */
function figures(
  rows: Rows,
  patients: Int32Array,
  options: { draws: number; seed: string },
  bags: boolean,
): BinaryScores<Figure> {
  const known = [...new Set(patients)].sort((a, b) => a - b);
  const place = new Map(known.map((patient, p) => [patient, p]));
  const repeats = [...new Set(rows.repeat)].map((repeat) => {
    const members = [...rows.repeat.keys()].filter((row) => rows.repeat[row] === repeat);
    return {
      labels: members.map((row) => rows.labels[row]),
      scores: members.map((row) => rows.scores[row]),
      called: members.map((row) => rows.called[row]),
      patient: members.map((row) => place.get(rows.patient[row])!),
    };
  });
  const measure = (times: ArrayLike<number> | undefined) => {
    const found = repeats.map((of) => binaryScores({ ...of, weight: times && of.patient.map((p) => times[p]) }));
    return each((name) => found.reduce((sum, of) => sum + of[name], 0) / found.length);
  };
  const drawn = patientBootstrap(
    known.length,
    scoreNames.length,
    (times, out) => {
      const found = measure(times);
      for (const [s, name] of scoreNames.entries()) out[s] = found[name];
    },
    options,
  );
  const values = measure(undefined);
  const counts = { pixels: 0, cores: bags ? repeats[0].labels.length : known.length, patients: known.length };
  return each((name) => {
    const value = given(values[name]);
    if (value === null)
      return { value, unit: "1", reason: "not defined: nothing is called positive, or a class is missing" };
    const interval = percentileInterval(drawn[scoreNames.indexOf(name)]);
    return { value, unit: "1", interval, counts: { ...counts } };
  });
}

function proportion(k: number, n: number): Figure {
  const interval = wilson(k, n);
  return interval
    ? { value: k / n, unit: "1", interval }
    : { value: null, unit: "1", reason: "not defined: there is nothing to count" };
}

/** Reliability in ten bins, Brier's score, the mean distance from the diagonal, and slope and intercept on the logit. */
function calibrationOf(scores: readonly number[], labels: readonly number[]): MethodFinding["calibration"] {
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

/** Share of all bags that score below every positive bag: they could be set aside without missing one. */
function removableOf(scores: ArrayLike<number>, labels: Uint8Array): number | null {
  const positives = [...labels.keys()].filter((bag) => labels[bag]);
  if (!positives.length) return null;
  const lowest = Math.min(...positives.map((bag) => scores[bag]));
  return [...labels.keys()].filter((bag) => scores[bag] < lowest).length / labels.length;
}
