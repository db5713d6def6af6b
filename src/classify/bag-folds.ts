import { SpectraError } from "../cube/errors.js";
import { random, shuffle } from "../cube/random.js";

/** Bags of a study: of which patient, and with which label (1 = positive). */
export interface LabelledBags {
  /** Index of the patient, a bag. */
  readonly patient: Int32Array;
  readonly label: Uint8Array;
}

/** Positive patients, who have any positive bag, and the others; each list in ascending order. */
function sides({ patient, label }: LabelledBags, bags: Iterable<number>): [negative: number[], positive: number[]] {
  const all = new Set<number>();
  const sick = new Set<number>();
  for (const bag of bags) {
    all.add(patient[bag]);
    if (label[bag]) sick.add(patient[bag]);
  }
  const sorted = [...all].sort((a, b) => a - b);
  return [sorted.filter((p) => !sick.has(p)), sorted.filter((p) => sick.has(p))];
}

/**
 * Deal the patients into folds, positive and negative ones apart, so that every fold has its share of either, to one patient, and all
 * folds are of one size, to one patient. The fold of each patient.
 */
export function bagFolds(bags: LabelledBags & { folds: number; seed: number | string }): Int32Array {
  const { folds, seed, patient } = bags;
  const [negative, positive] = sides(bags, patient.keys());
  if (!Number.isInteger(folds) || folds < 2) {
    throw new SpectraError("params", "classify", `folds is ${folds}; it must be a whole number of at least 2`);
  }
  checkSides(negative, positive);
  const fewest = Math.min(negative.length, positive.length);
  if (folds > fewest) {
    throw new SpectraError(
      "patients",
      "classify",
      `${folds} folds need ${folds} patients of either label; there are ${negative.length} negative and ${positive.length} positive ones, so ask for ${fewest} folds at the most`,
    );
  }
  const stream = random(seed).fork("bag folds");
  const fold = new Int32Array(patient.reduce((most, p) => Math.max(most, p), 0) + 1).fill(-1);
  const order = shuffle([...Array(folds).keys()], stream);
  // The second list goes on in the fold where the first has ended, so that no fold gets the surplus of both.
  let next = 0;
  for (const list of [positive, negative]) {
    for (const p of shuffle([...list], stream)) fold[p] = order[next++ % folds];
  }
  return fold;
}

/**
 * Draw patients of some bags who choose epoch and threshold: a share of the positive and of the negative ones, at least one of either
 * on both sides.
 */
export function innerPatients(
  bags: LabelledBags & { bags: readonly number[]; share: number; seed: number | string },
): Set<number> {
  const [negative, positive] = sides(bags, bags.bags);
  checkSides(negative, positive);
  for (const [list, name] of [
    [negative, "negative"],
    [positive, "positive"],
  ] as const) {
    if (list.length >= 2) continue;
    throw new SpectraError(
      "patients",
      "classify",
      `${list.length} ${name} patient is left for training; at least 2 are needed, one to learn from and one to choose the threshold with`,
    );
  }
  const stream = random(bags.seed).fork("inner patients");
  return new Set(
    [negative, positive].flatMap((list) => {
      const wanted = Math.min(list.length - 1, Math.max(1, Math.round(bags.share * list.length)));
      return shuffle([...list], stream).slice(0, wanted);
    }),
  );
}

function checkSides(negative: readonly number[], positive: readonly number[]): void {
  if (negative.length && positive.length) return;
  const only = positive.length ? "positive" : "negative";
  throw new SpectraError("labels", "classify", `all bags are ${only}; a diagnosis is learned from both labels`);
}
