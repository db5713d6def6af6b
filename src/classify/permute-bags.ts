import { random, shuffle } from "../cube/random.js";
import type { LabelledBags } from "./bag-folds.js";

/**
 * Deal the labels anew among the patients: all bags of a patient get the label that one other patient has. A patient with bags of both
 * labels counts as positive. As many patients are positive as before.
 */
export function permuteBagLabels({ patient, label, seed }: LabelledBags & { seed: number | string }): Uint8Array {
  const patients = [...new Set(patient)].sort((a, b) => a - b);
  const own = patients.map((p) => (patient.some((of, bag) => of === p && label[bag] !== 0) ? 1 : 0));
  const dealt = shuffle([...own], random(seed).fork("bag labels"));
  const place = new Map(patients.map((p, i) => [p, i]));
  return Uint8Array.from(patient, (p) => dealt[place.get(p)!]);
}
