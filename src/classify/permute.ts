import { quantileSorted } from "simple-statistics";
import { random, shuffle } from "../cube/random.js";
import { numberPatients, pixelsByPatient } from "./patients.js";

/**
 * Shuffle the class labels in a way that keeps the patients whole, so that only the link between tissue and label is lost.
 *
 * Patients that have one class each exchange their classes among themselves: as many patients have each class as before.
 * In a patient that has several classes the names of its classes are permuted: all its pixels of one class get the same
 * other class out of the classes it has, so the patient keeps its set of classes and the sizes of its blocks. Patients of
 * one class that are alone, or all of the same class, keep their label; a null over such patients is not a null.
 * The new class of each row.
 */
export function permuteLabels(rows: {
  readonly truth: ArrayLike<number>;
  readonly patient: ArrayLike<number>;
  readonly classes: number;
  readonly seed: number | string;
}): Uint8Array {
  const { truth, patient, classes, seed } = rows;
  const stream = random(seed).fork("permute");
  const patients = numberPatients(patient);
  const pixels = pixelsByPatient(patients, truth, classes);
  const own = Array.from({ length: patients.count }, (_, p) =>
    Array.from({ length: classes }, (_, k) => k).filter((k) => pixels[p * classes + k] > 0),
  );
  const single = [...own.keys()].filter((p) => own[p].length === 1);
  const exchanged = shuffle(
    single.map((p) => own[p][0]),
    stream.fork("patients of one class"),
  );

  const renamed = new Uint8Array(patients.count * classes);
  for (const [p, from] of own.entries()) {
    const to = from.length === 1 ? [exchanged[single.indexOf(p)]] : shuffle([...from], stream.fork(patients.ids[p]));
    for (const [i, k] of from.entries()) renamed[p * classes + k] = to[i];
  }
  const labels = new Uint8Array(truth.length);
  for (let row = 0; row < labels.length; row++) labels[row] = renamed[patients.ofRow[row] * classes + truth[row]];
  return labels;
}

/** Mean and central 95 % of the macro AUCs that shuffled labels gave, one a shuffle; undefined for none. */
export function permutationSummary(macroAucs: readonly number[]) {
  if (macroAucs.length === 0) return undefined;
  const sorted = Float64Array.from(macroAucs).sort();
  return {
    repeats: sorted.length,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    interval: [quantileSorted(Array.from(sorted), 0.025), quantileSorted(Array.from(sorted), 0.975)] as [
      number,
      number,
    ],
  };
}
