import type { BinaryScores } from "../cube/diagnosis-findings.js";
import type { Figure } from "../cube/findings.js";
import type { OutOfFold } from "../cube/mil.js";
import { binaryScores, type Judged, scoreNames } from "./binary-scores.js";
import { areaInterval, shareInterval, tooFew } from "./interval.js";
import { jackknife } from "./jackknife.js";

export interface MethodScores {
  readonly bagNames: readonly string[];
  readonly classNames: readonly [string, string];
  /** 1 = positive, and the index of the patient, a bag. */
  readonly labels: Uint8Array;
  readonly patients: Int32Array;
  readonly outOfFold: OutOfFold;
}

/** The rows of one repeat: bags, or patients. */
export interface RepeatRows extends Judged {
  readonly labels: number[];
  readonly scores: number[];
  readonly called: boolean[];
  /** The patient of a row, numbered without gaps. */
  readonly patient: number[];
}

/** Rows of every repeat, and of how many patients, positive and negative ones, they are. */
export interface Rows {
  readonly repeats: readonly RepeatRows[];
  readonly patients: { readonly count: number; readonly positive: number; readonly negative: number };
}

/** Every bag of every repeat, called at the threshold of its fold. */
export function repeatsOf({ labels, patients, outOfFold }: MethodScores): Rows {
  const known = [...new Set(patients)].sort((a, b) => a - b);
  const place = new Map(known.map((patient, p) => [patient, p]));
  const repeats = outOfFold.repeats.map(({ scores, thresholds }) => ({
    labels: [...labels],
    scores: [...scores],
    called: Array.from(scores, (score, bag) => score >= thresholds[bag]),
    patient: Array.from(patients, (patient) => place.get(patient)!),
  }));
  return { repeats, patients: countsOf(repeats[0], known.length) };
}

/** A patient's score is the highest of the bags'; a patient is, and is called, positive when any bag is. */
export function patientsOf(input: MethodScores): Rows {
  const bags = repeatsOf(input);
  const repeats = bags.repeats.map((of) => {
    const rows = Array.from({ length: bags.patients.count }, (_, patient) =>
      [...of.patient.keys()].filter((row) => of.patient[row] === patient),
    );
    return {
      labels: rows.map((own) => Math.max(...own.map((row) => of.labels[row]))),
      scores: rows.map((own) => Math.max(...own.map((row) => of.scores[row]))),
      called: rows.map((own) => own.some((row) => of.called[row])),
      patient: [...rows.keys()],
    };
  });
  return { repeats, patients: countsOf(repeats[0], bags.patients.count) };
}

function countsOf({ labels, patient }: RepeatRows, count: number): Rows["patients"] {
  const having = (positive: boolean) => new Set(patient.filter((_, row) => labels[row] > 0 === positive)).size;
  return { count, positive: having(true), negative: having(false) };
}

/** The mean over the repeats of every figure, in the order of `scoreNames`, with patient p counted `times[p]` times. */
export function scoresOfRepeats(repeats: readonly RepeatRows[], times: Float64Array, out: Float64Array): void {
  const found = repeats.map((of) => binaryScores({ ...of, weight: of.patient.map((p) => times[p]) }));
  for (const [s, name] of scoreNames.entries()) out[s] = found.reduce((sum, of) => sum + of[name], 0) / found.length;
}

/** The figures of all bags, each at the threshold of its fold: the mean of all repeats, with intervals by patient. */
export function pooledScores(input: MethodScores): BinaryScores<Figure> {
  return figures(repeatsOf(input));
}

/**
 * Figures of all repeats, their mean. Intervals leave out a patient at a time: shares by `shareInterval`, areas and means of rates by
 * `areaInterval`, which rests on the patients of the rarer label.
 */
export function figures({ repeats, patients }: Rows): BinaryScores<Figure> {
  const { count, positive, negative } = patients;
  const { values, left } = jackknife(count, scoreNames.length, (times, out) => scoresOfRepeats(repeats, times, out));
  const [{ labels, called, patient }] = repeats;
  const patientsCalled = new Set(patient.filter((_, row) => called[row])).size;
  const all = { patients: count, units: labels.length * repeats.length };
  const shares: Partial<Record<keyof BinaryScores<unknown>, typeof all>> = {
    accuracy: all,
    recall: { patients: positive, units: labels.filter((label) => label > 0).length * repeats.length },
    precision: { patients: patientsCalled, units: called.filter(Boolean).length * repeats.length },
  };
  const few = tooFew({ patients: count, cohort: count, oneClass: positive + negative <= count });
  const counts = { pixels: 0, cores: labels.length, patients: count };
  const found = scoreNames.map((name, s): Figure => {
    const value = Number.isFinite(values[s]) ? values[s] : null;
    if (value === null) {
      return { value, unit: "1", reason: "not defined: nothing is called positive, or a class is missing" };
    }
    const share = shares[name];
    const rests = { patients: Math.min(positive, negative), cohort: count };
    const interval =
      few?.interval === false
        ? undefined
        : share
          ? shareInterval(value, left[s], share)
          : areaInterval(value, left[s], rests);
    const reason = few?.reason ?? (interval ? undefined : "no interval: without one of the patients it is not defined");
    return { value, unit: "1", interval, ...(reason && { reason }), counts: { ...counts } };
  });
  return Object.fromEntries(scoreNames.map((name, s) => [name, found[s]])) as unknown as BinaryScores<Figure>;
}
