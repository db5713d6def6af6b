import type { BinaryConfusion, BinaryScores } from "../cube/diagnosis-findings.js";

/** Bags to be judged: what each is, its score, and whether it is called positive. `weight` counts a bag several times; 1 if not given. */
export interface Judged {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly called: ArrayLike<number | boolean>;
  readonly weight?: ArrayLike<number>;
}

/**
 * Accuracy, precision, recall, F (their harmonic mean), AUC and balanced accuracy of a two-class decision. What is not defined is NaN:
 * precision where nothing is called positive, recall without positives. F is 2 TP / (2 TP + FP + FN).
 * AUC is the share of pairs of a positive and a negative bag in the right order, ties counting one half (Mann and Whitney).
 */
export function binaryScores({ labels, scores, called, weight }: Judged): BinaryScores<number> {
  let [tn, fp, fn, tp] = [0, 0, 0, 0];
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    const times = weight ? weight[i] : 1;
    if (!times) continue;
    if (labels[i]) {
      positives.push(i);
      if (called[i]) tp += times;
      else fn += times;
    } else {
      negatives.push(i);
      if (called[i]) fp += times;
      else tn += times;
    }
  }
  let ordered = 0;
  for (const p of positives) {
    let below = 0;
    for (const n of negatives) {
      const times = weight ? weight[n] : 1;
      if (scores[p] > scores[n]) below += times;
      else if (scores[p] === scores[n]) below += times / 2;
    }
    ordered += below * (weight ? weight[p] : 1);
  }
  // 0 / 0 is NaN, which is what is meant.
  const recall = tp / (tp + fn);
  return {
    accuracy: (tp + tn) / (tp + tn + fp + fn),
    precision: tp / (tp + fp),
    recall,
    f: (2 * tp) / (2 * tp + fp + fn),
    auc: ordered / ((tp + fn) * (tn + fp)),
    balancedAccuracy: (recall + tn / (tn + fp)) / 2,
  };
}

export const scoreNames = ["accuracy", "precision", "recall", "f", "auc", "balancedAccuracy"] as const;

/** `[truth][decision]`, negative first. */
export function binaryConfusion(labels: ArrayLike<number>, called: ArrayLike<number | boolean>): BinaryConfusion {
  const counts: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < labels.length; i++) counts[labels[i] ? 1 : 0][called[i] ? 1 : 0]++;
  return counts;
}
