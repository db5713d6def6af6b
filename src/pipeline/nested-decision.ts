import { bagFolds } from "../classify/bag-folds.js";
import { chooseThreshold } from "../classify/choose-threshold.js";
import { decideBag, indeterminateBand } from "../classify/decide-bag.js";
import { type Answer, judgeDecision } from "../classify/judge-decision.js";
import { calibrate, platt } from "../classify/platt.js";
import type { Instances } from "../cube/bag.js";
import type { DecisionFinding } from "../cube/diagnosis-findings.js";
import { outOfFold, type Split, splitOf } from "./out-of-fold.js";
import type { TrainedFold } from "./train-fold.js";

/** A fold, and the folds that the patients outside it are dealt into. */
export interface Nested {
  readonly outer: Split;
  readonly folds: readonly Split[];
}

/** Folds inside a fold. */
const INSIDE = 4;

/**
 * Deal the patients outside every fold of a repeat into folds of their own, so that threshold, band and calibration can be fitted on scores
 * that none of the fold's patients has had a part in. Empty where fewer than three patients of a label are outside.
 */
export function nestedSplits(set: Instances, seed: number, outer: readonly Split[]): Nested[] {
  const nested = outer.map((of): Nested | undefined => {
    const outside = [...of.train, ...of.inner].sort((a, b) => a - b);
    const patient = Int32Array.from(outside, (bag) => set.patient[bag]);
    const label = Uint8Array.from(outside, (bag) => set.label[bag]);
    const sick = new Set(patient.filter((_, i) => label[i]));
    const well = new Set(patient.filter((p) => !sick.has(p)));
    const fewest = Math.min(sick.size, well.size);
    if (fewest < 3) return undefined;
    const own = `${seed}/${of.fold}`;
    const folds = Math.min(INSIDE, fewest);
    const deal = { seed: own, fold: bagFolds({ patient, label, folds, seed: own }) };
    return { outer: of, folds: Array.from({ length: folds }, (_, f) => splitOf(set, deal, 0, f, outside)) };
  });
  return nested.flatMap((of) => of ?? []).length === outer.length ? nested.flatMap((of) => of ?? []) : [];
}

/**
 * Judge what a study says of a new case: in every fold threshold, band and calibration are fitted on the scores of the patients outside it,
 * each from a network of the nested folds that had not seen its patient, and used on the scores of the fold.
 */
export function nestedDecision(
  { label, patient }: Instances,
  nested: readonly Nested[],
  /** The networks of every fold, and those of the folds inside it. */
  trained: readonly { readonly outer: TrainedFold; readonly inside: readonly TrainedFold[] }[],
): DecisionFinding {
  const said: Answer[] = Array.from(label, () => "indeterminate");
  const probabilities = new Float64Array(label.length);
  for (const [n, { outer, folds }] of nested.entries()) {
    const { outer: network, inside } = trained[n];
    const [{ scores }] = outOfFold(folds, label.length, (_, f) => ({ scores: inside[f].test, threshold: 0.5 })).repeats;
    const outside = [...outer.train, ...outer.inner];
    const known = outside.map((bag) => scores[bag]);
    const truth = outside.map((bag) => label[bag]);
    const band = indeterminateBand(known, truth, chooseThreshold(known, truth).threshold);
    const calibration = platt(known, truth);
    for (const [i, bag] of outer.test.entries()) {
      said[bag] = decideBag(network.test[i], band);
      probabilities[bag] = calibrate(network.test[i], calibration);
    }
  }
  return judgeDecision({ labels: label, patients: patient, said, probabilities });
}
