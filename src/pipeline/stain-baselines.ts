import { chooseThreshold } from "../classify/choose-threshold.js";
import { figures, patientsOf, pooledScores } from "../classify/pooled-scores.js";
import type { Bag } from "../cube/bag.js";
import type { BaselineFinding } from "../cube/diagnosis-findings.js";
import type { OutOfFold } from "../cube/mil.js";
import { rankCorrelation } from "../cube/rank-correlation.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import { highestShare } from "../diagnose/tumour-share.js";
import { outOfFold, type Split } from "./out-of-fold.js";

/** What the stain says of every bag by itself, and how well that diagnoses. */
export interface Baseline {
  readonly finding: BaselineFinding;
  readonly outOfFold: OutOfFold;
}

/**
 * Diagnoses that the stain gives without a network: the share of the tumour class in all tissue, and the highest share of it, with
 * necrosis where the stain knows that, in one patch. Nothing is learned but the threshold, which the patients outside the fold choose.
 */
export function stainBaselines(
  bags: readonly Bag[],
  gathered: GatheredBags,
  splits: readonly Split[],
  /** The scores that they stand beside. */
  held: OutOfFold,
  tumour: string,
  shares: Float64Array,
): Baseline[] {
  const { label: labels, patient: patients } = gathered.instances;
  const dead = bags[0].patches.classNames.filter((name) => /^necro/i.test(name));
  const highest = Float64Array.from(gathered.sources, (parts) =>
    Math.max(...parts.map(({ bag }) => highestShare(bags[bag].patches, [tumour, ...dead]))),
  );
  const classes = [tumour, ...dead].join(" and ");
  const kinds = [
    {
      id: "stain-share",
      title: "tumour share of the stain",
      scoreName: `share of ${tumour} in all tissue`,
      scores: shares,
    },
    {
      id: "patch-share",
      title: "highest patch share of the stain",
      scoreName: `highest share of ${classes} in one patch`,
      scores: highest,
    },
  ];
  return kinds.map(({ scores, ...about }) => {
    const pick = (of: readonly number[]) => Float64Array.from(of, (bag) => scores[bag]);
    const told = outOfFold(splits, labels.length, ({ train, inner, test }) => {
      const outside = [...train, ...inner];
      const { threshold } = chooseThreshold(
        pick(outside),
        Uint8Array.from(outside, (bag) => labels[bag]),
      );
      return { scores: pick(test), threshold };
    });
    const input = { bagNames: gathered.names, classNames: gathered.classNames, labels, patients, outOfFold: told };
    const rank = rankCorrelation(meanScores(held), scores);
    const pooled = pooledScores(input);
    return { finding: { ...about, pooled, byPatient: figures(patientsOf(input)), rank }, outOfFold: told };
  });
}

/** The score of every bag, its mean over the repeats. */
function meanScores({ repeats }: OutOfFold): Float64Array {
  return repeats[0].scores.map((_, bag) => repeats.reduce((sum, { scores }) => sum + scores[bag], 0) / repeats.length);
}
