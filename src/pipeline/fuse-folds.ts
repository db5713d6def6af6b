import { chooseThreshold } from "../classify/choose-threshold.js";
import { applyFusion, fuse } from "../classify/fuse.js";
import { judgeMethod } from "../classify/judge-method.js";
import type { StudyFinding } from "../cube/diagnosis-findings.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import type { TrainedFold } from "./train-fold.js";

/**
 * The score of the networks and the tumour share of the stain as one: in every fold their weights and the threshold are fitted on
 * the inner patients alone, then used on the fold's. The weights given are the means over the folds.
 */
export function fuseFolds(
  gathered: GatheredBags,
  splits: readonly {
    readonly repeat: number;
    readonly fold: number;
    readonly inner: readonly number[];
    readonly test: readonly number[];
  }[],
  trained: readonly TrainedFold[],
  shares: Float64Array,
  repeats: number,
  seed: string,
): StudyFinding["fused"] {
  const { label, patient } = gathered.instances;
  const pick = (values: ArrayLike<number>, bags: readonly number[]) => Float64Array.from(bags, (bag) => values[bag]);
  const found = Array.from({ length: repeats }, () => ({
    scores: new Float64Array(label.length),
    thresholds: new Float64Array(label.length),
    fold: new Int32Array(label.length),
  }));
  let mil = 0;
  let stain = 0;
  for (const [s, { repeat, fold, inner, test }] of splits.entries()) {
    const truth = Uint8Array.from(inner, (bag) => label[bag]);
    const fusion = fuse(trained[s].inner, pick(shares, inner), truth);
    const { threshold } = chooseThreshold(applyFusion(fusion, trained[s].inner, pick(shares, inner)), truth);
    const scores = applyFusion(fusion, trained[s].test, pick(shares, test));
    for (const [place, bag] of test.entries()) {
      found[repeat].scores[bag] = scores[place];
      found[repeat].thresholds[bag] = threshold;
      found[repeat].fold[bag] = fold;
    }
    mil += fusion.mil / splits.length;
    stain += fusion.stain / splits.length;
  }
  const { names: bagNames, classNames } = gathered;
  const judged = judgeMethod({
    bagNames,
    classNames,
    labels: label,
    patients: patient,
    outOfFold: { repeats: found },
    seed,
  });
  return { scores: judged.pooled, mil, stain };
}
