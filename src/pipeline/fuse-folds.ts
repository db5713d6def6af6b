import { chooseThreshold } from "../classify/choose-threshold.js";
import { applyFusion, fuse } from "../classify/fuse.js";
import { pooledScores } from "../classify/pooled-scores.js";
import type { StudyFinding } from "../cube/diagnosis-findings.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import { outOfFold, type Split } from "./out-of-fold.js";
import type { TrainedFold } from "./train-fold.js";

/**
 * The score of the networks and the tumour share of the stain as one: in every fold their weights and the threshold are fitted on
 * the inner patients alone, then used on the fold's. The weights given are the means over the folds.
 */
export function fuseFolds(
  gathered: GatheredBags,
  splits: readonly Split[],
  trained: readonly TrainedFold[],
  shares: Float64Array,
): StudyFinding["fused"] {
  const { label, patient } = gathered.instances;
  const pick = (bags: readonly number[]) => Float64Array.from(bags, (bag) => shares[bag]);
  let mil = 0;
  let stain = 0;
  const fused = outOfFold(splits, label.length, ({ inner, test }, s) => {
    const truth = Uint8Array.from(inner, (bag) => label[bag]);
    const fusion = fuse(trained[s].inner, pick(inner), truth);
    mil += fusion.mil / splits.length;
    stain += fusion.stain / splits.length;
    const { threshold } = chooseThreshold(applyFusion(fusion, trained[s].inner, pick(inner)), truth);
    return { scores: applyFusion(fusion, trained[s].test, pick(test)), threshold };
  });
  const { names: bagNames, classNames } = gathered;
  const scores = pooledScores({ bagNames, classNames, labels: label, patients: patient, outOfFold: fused });
  return { scores, mil, stain };
}
