import { SpectraError } from "../cube/errors.js";
import { random, shuffle } from "../cube/random.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "./patients.js";

/** Labelled rows to be split: row i is one pixel. */
export interface LabelledRows {
  /** Index of the patient. */
  readonly patient: ArrayLike<number>;
  /** Index into `classNames`. */
  readonly truth: ArrayLike<number>;
  readonly classNames: readonly string[];
}

export interface PatientFolds {
  readonly folds: number;
  /** Fold of each patient index; -1 for an index that no row has. Row i is tested in fold `fold[patient[i]]`. */
  readonly fold: Int32Array;
  /** Classes that are in too few patients, or in one fold only: their figures are null. */
  readonly unvalidated: readonly number[];
  /** What the user should be told, in words. */
  readonly warnings: readonly string[];
}

/**
 * Deal the patients into folds so that a patient is in one fold only and every fold gets its share of every class.
 *
 * The class with the fewest patients still in hand is dealt first, its patients from the largest to the smallest, equal
 * ones in seeded order. Each goes to the fold that has the fewest patients of that class; among equals to the one where
 * the pixels of all its classes are scarcest, each class relative to its total; then to the one with the fewest patients.
 * No fold stays empty. A class in fewer than two patients, or whose patients had to share a fold, cannot be tested on
 * patients it was not learned from; it is listed in `unvalidated` and told in `warnings`.
 *
 * Rarest class first: Sechidis, Tsoumakas and Vlahavas, ECML PKDD 2011, doi:10.1007/978-3-642-23808-6_10.
 */
export function patientFolds(rows: LabelledRows & { folds: number; seed: number | string }): PatientFolds {
  const { patient, truth, classNames, folds, seed } = rows;
  const classes = classNames.length;
  const patients = numberPatients(patient);
  const pixels = pixelsByPatient(patients, truth, classes);
  const having = patientsPerClass(pixels, classes);
  checkFolds(folds, patients.count, classNames, having);

  const stream = random(seed).fork("folds");
  const sizes = Float64Array.from({ length: patients.count }, (_, p) =>
    pixels.subarray(p * classes, (p + 1) * classes).reduce((sum, n) => sum + n, 0),
  );
  const totals = new Float64Array(classes);
  for (let i = 0; i < pixels.length; i++) totals[i % classes] += pixels[i];
  // Shuffled, then sorted by a stable sort: equal patients stay in seeded order.
  const inHand = shuffle([...sizes.keys()], stream).sort((a, b) => sizes[b] - sizes[a]);
  const foldOrder = shuffle([...Array(folds).keys()], stream);

  const foldOf = new Int32Array(patients.count).fill(-1);
  const patientsIn = new Int32Array(folds);
  const havingIn = new Int32Array(folds * classes);
  const pixelsIn = new Float64Array(folds * classes);

  const place = (p: number, rarest: number) => {
    const empty = foldOrder.filter((f) => patientsIn[f] === 0);
    const open = empty.length >= inHand.length ? empty : foldOrder;
    const crowding = (f: number) => {
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        if (totals[k] > 0) sum += (pixelsIn[f * classes + k] * pixels[p * classes + k]) / totals[k] ** 2;
      }
      return sum;
    };
    const [best] = open
      .map((f) => ({ f, rank: [havingIn[f * classes + rarest], crowding(f), patientsIn[f]] }))
      .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2]);
    foldOf[p] = best.f;
    patientsIn[best.f]++;
    for (let k = 0; k < classes; k++) {
      pixelsIn[best.f * classes + k] += pixels[p * classes + k];
      if (pixels[p * classes + k] > 0) havingIn[best.f * classes + k]++;
    }
    inHand.splice(inHand.indexOf(p), 1);
  };

  while (inHand.length > 0) {
    const left = classNames.map((_, k) => inHand.filter((p) => pixels[p * classes + k] > 0));
    const rarest = left.reduce(
      (best, of, k) => (of.length > 0 && (best < 0 || of.length < left[best].length) ? k : best),
      -1,
    );
    for (const p of left[rarest]) place(p, rarest);
  }

  const fold = new Int32Array(patients.ids[patients.count - 1] + 1).fill(-1);
  for (let p = 0; p < patients.count; p++) fold[patients.ids[p]] = foldOf[p];
  return { folds, fold, ...unvalidatedClasses(classNames, having, havingIn) };
}

/** Leave one patient out: as many folds as there are patients. */
export function leavePatientsOut(rows: LabelledRows & { seed: number | string }): PatientFolds {
  return patientFolds({ ...rows, folds: new Set(Array.from(rows.patient)).size });
}

/**
 * Deal rows into folds of equal size (to one) without regard to patients: the leak, shown beside the figures to quote.
 * The fold of each row.
 */
export function randomFolds(rows: number, folds: number, seed: number | string): Int32Array {
  if (!Number.isInteger(folds) || folds < 2 || folds > rows) {
    throw new SpectraError(
      "params",
      "classify",
      `${folds} folds of ${rows} rows: the folds must be from 2 to the rows`,
    );
  }
  const fold = Int32Array.from({ length: rows }, (_, row) => row % folds);
  return shuffle(fold, random(seed).fork("random folds"));
}

/** Throw when a patient is on both sides of a split. Patients are named or numbered, as the caller has them. */
export function checkDisjoint(trainPatients: Iterable<number | string>, testPatients: Iterable<number | string>): void {
  const train = new Set(trainPatients);
  const shared = [...new Set(testPatients)].filter((patient) => train.has(patient));
  if (shared.length > 0) {
    const named = shared.slice(0, 5).join(", ") + (shared.length > 5 ? ", …" : "");
    throw new SpectraError(
      "patients",
      "classify",
      `${shared.length} patients are in training and in testing (${named}); split by patient`,
    );
  }
}

function checkFolds(folds: number, patients: number, classNames: readonly string[], having: Int32Array): void {
  const fail = (kind: "params" | "labels" | "patients", message: string): never => {
    throw new SpectraError(kind, "classify", message);
  };
  if (!Number.isInteger(folds) || folds < 2)
    fail("params", `folds is ${folds}; it must be a whole number of at least 2`);
  if (patients < 2)
    fail("patients", `validation by patient needs at least 2 patients, the labelled pixels are of ${patients}`);
  if (folds > patients) {
    fail(
      "patients",
      `${folds} folds need ${folds} patients, the labelled pixels are of ${patients}; ask for ${patients} folds at the most`,
    );
  }
  const present = classNames.filter((_, k) => having[k] > 0);
  if (present.length < 2)
    fail("labels", `the labelled pixels are all of class "${present[0]}"; a classifier needs at least 2`);
  if (having.every((n) => n < 2))
    fail("patients", "no class is in two patients, so none can be tested on a patient it was not learned from");
}

function unvalidatedClasses(classNames: readonly string[], having: Int32Array, havingIn: Int32Array) {
  const unvalidated: number[] = [];
  const warnings: string[] = [];
  for (const [k, name] of classNames.entries()) {
    const foldsHaving = havingIn.filter((n, i) => i % classNames.length === k && n > 0).length;
    if (foldsHaving >= 2) continue;
    unvalidated.push(k);
    warnings.push(
      having[k] >= 2
        ? `"${name}" is in ${having[k]} patients, all in one fold: its figures are left out; another seed or more folds may part them`
        : `"${name}" is in ${having[k] === 1 ? "1 patient" : "no patient"}: it cannot be tested on a patient it was not learned from, and its figures are left out`,
    );
  }
  return { unvalidated, warnings };
}
