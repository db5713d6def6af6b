import { random, shuffle } from "../cube/random.js";
import { numberPatients, pixelsByPatient } from "./patients.js";

/**
 * Choose training patients for a learning curve: for every size a set of patient indices, each set inside the next.
 *
 * Patients are lined up once and a set is the front of the line. Next in line is always a patient, drawn by the seed,
 * of the class that the line has the fewest patients of, so that short lines cover the classes. A size beyond the
 * number of patients gives them all.
 */
export function nestedPatients(rows: {
  readonly patient: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
  readonly classes: number;
  readonly sizes: readonly number[];
  readonly seed: number | string;
}): Int32Array[] {
  const { patient, truth, classes, sizes, seed } = rows;
  const patients = numberPatients(patient);
  const pixels = pixelsByPatient(patients, truth, classes);
  const has = (p: number, k: number) => pixels[p * classes + k] > 0;
  const waiting = shuffle([...patients.ids.keys()], random(seed).fork("learning curve"));
  const inLine = new Int32Array(classes);
  const line: number[] = [];
  while (waiting.length > 0) {
    let scarcest = -1;
    for (let k = 0; k < classes; k++) {
      if ((scarcest < 0 || inLine[k] < inLine[scarcest]) && waiting.some((p) => has(p, k))) scarcest = k;
    }
    const [next] = waiting.splice(
      waiting.findIndex((p) => has(p, scarcest)),
      1,
    );
    for (let k = 0; k < classes; k++) if (has(next, k)) inLine[k]++;
    line.push(patients.ids[next]);
  }
  return sizes.map((size) => Int32Array.from(line.slice(0, size)));
}
