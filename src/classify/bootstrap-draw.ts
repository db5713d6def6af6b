import type { Random } from "../cube/random.js";
import type { Training } from "./training.js";

/** How often each class is drawn: alike, or as often as it occurs. */
export type Balance = "class" | "none";

/**
 * A draw of as many rows as there are, with replacement, as a weight a row: first a class (alike, or in proportion to its
 * rows), then with groups a patient of that class, alike, then a row of that patient.
 */
export function bootstrapDraw(training: Training, balance: Balance): (stream: Random) => Int32Array {
  const { rows, labels, classes, groups } = training;
  const present: Int32Array[][] = [];
  for (let k = 0; k < classes; k++) {
    const byPatient = new Map<number, number[]>();
    for (let row = 0; row < rows; row++) {
      if (labels[row] !== k) continue;
      const patient = groups ? groups[row] : 0;
      const list = byPatient.get(patient);
      if (list) list.push(row);
      else byPatient.set(patient, [row]);
    }
    const lists = [...byPatient.entries()].sort(([a], [b]) => a - b).map(([, list]) => Int32Array.from(list));
    present.push(lists);
  }
  const drawable = present.filter((patients) => patients.length > 0);
  return (stream) => {
    const weights = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      const patients =
        balance === "class" ? drawable[stream.integer(drawable.length)] : present[labels[stream.integer(rows)]];
      const list = patients[patients.length === 1 ? 0 : stream.integer(patients.length)];
      weights[list[stream.integer(list.length)]]++;
    }
    return weights;
  };
}
