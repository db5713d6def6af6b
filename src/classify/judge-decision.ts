import type { DecisionFinding } from "../cube/diagnosis-findings.js";
import type { Figure } from "../cube/findings.js";
import { bagCalibration } from "./bag-calibration.js";
import type { decideBag } from "./decide-bag.js";
import { shareInterval, tooFew } from "./interval.js";
import { jackknife } from "./jackknife.js";

export type Answer = ReturnType<typeof decideBag>;

const answers: readonly Answer[] = ["negative", "indeterminate", "positive"];

export interface DecidedBags {
  readonly labels: Uint8Array;
  readonly patients: Int32Array;
  /** What was said of each bag, and the probability that it was told, by limits that none of its patient has had a part in. */
  readonly said: readonly Answer[];
  readonly probabilities: Float64Array;
}

/** How often a decision gives an answer, how often that is wrong, and how far its probabilities can be taken at their word. */
export function judgeDecision({ labels, patients, said, probabilities }: DecidedBags): DecisionFinding {
  const bags = [...labels.keys()];
  const counted = (truth: number) =>
    answers.map((answer) => bags.filter((bag) => labels[bag] === truth && said[bag] === answer).length);
  const called = bags.filter((bag) => said[bag] !== "indeterminate");
  const wrong = called.filter((bag) => (said[bag] === "positive") !== labels[bag] > 0);
  return {
    answers: [counted(0), counted(1)] as unknown as DecisionFinding["answers"],
    called: shareOf(called, bags, patients),
    wrong: shareOf(wrong, called, patients),
    calibration: bagCalibration([...probabilities], [...labels]),
  };
}

/** The share that `some` of the bags are of `all`, with its interval by patient. */
function shareOf(some: readonly number[], all: readonly number[], patients: Int32Array): Figure {
  if (!all.length) return { value: null, unit: "1", reason: "not defined: there is nothing to count" };
  const known = [...new Set(all.map((bag) => patients[bag]))].sort((a, b) => a - b);
  const place = new Map(known.map((patient, p) => [patient, p]));
  const counts = { pixels: 0, cores: all.length, patients: known.length };
  const few = tooFew({ patients: known.length, cohort: known.length, oneClass: true });
  const { values, left } = jackknife(known.length, 1, (times, out) => {
    const sum = (of: readonly number[]) => of.reduce((total, bag) => total + times[place.get(patients[bag])!], 0);
    out[0] = sum(some) / sum(all);
  });
  const rests = { patients: known.length, units: all.length };
  const interval = few?.interval === false ? undefined : shareInterval(values[0], left[0], rests);
  return { value: values[0], unit: "1", interval, counts, ...(few && { reason: few.reason }) };
}
