import { ascendingOrder } from "./ascending.js";

/** All there is to know about one class to give its AUC for any resampling of the patients. */
export interface Concordance {
  readonly patients: number;
  /** Pixels of the class, and of the others, in each patient. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /**
   * `pairs[p * patients + q]`: pairs of a pixel of the class in patient p and a pixel of another in patient q where the
   * first scores higher; a tie counts one half.
   */
  readonly pairs: Float64Array;
}

/**
 * Count the pairs of pixels that a score puts in the right order, by the patients they are from.
 * One sort, then rows × patients additions; pairs inside one patient count like any other. No score may be NaN.
 */
export function concordance(
  scores: Float32Array,
  truth: ArrayLike<number>,
  ofClass: number,
  patient: Int32Array,
  patients: number,
): Concordance {
  const order = ascendingOrder(scores);
  const positives = new Float64Array(patients);
  const negatives = new Float64Array(patients);
  const pairs = new Float64Array(patients * patients);
  for (let from = 0; from < order.length; ) {
    let end = from + 1;
    while (end < order.length && scores[order[end]] === scores[order[from]]) end++;
    // Inside a tie: half of its negatives first, then its positives against all so far, then the other half.
    for (let i = from; i < end; i++) if (truth[order[i]] !== ofClass) negatives[patient[order[i]]] += 0.5;
    for (let i = from; i < end; i++) {
      if (truth[order[i]] !== ofClass) continue;
      const p = patient[order[i]];
      positives[p]++;
      for (let q = 0; q < patients; q++) pairs[p * patients + q] += negatives[q];
    }
    for (let i = from; i < end; i++) if (truth[order[i]] !== ofClass) negatives[patient[order[i]]] += 0.5;
    from = end;
  }
  return { patients, positives, negatives, pairs };
}

/**
 * The exact AUC when patient p is counted `times[p]` times: Σ times[p]·times[q]·pairs[p, q] over all positives × negatives.
 * NaN when the class or its opposite is not in the resampling.
 */
export function resampledAuc(of: Concordance, times: Float64Array): number {
  const { patients, positives, negatives, pairs } = of;
  let ordered = 0;
  let positive = 0;
  let negative = 0;
  for (let p = 0; p < patients; p++) {
    negative += times[p] * negatives[p];
    if (times[p] === 0 || positives[p] === 0) continue;
    positive += times[p] * positives[p];
    let sum = 0;
    for (let q = 0; q < patients; q++) sum += times[q] * pairs[p * patients + q];
    ordered += times[p] * sum;
  }
  return ordered / (positive * negative);
}
