import { random } from "../cube/random.js";

/**
 * Choose training rows: at most `pixelsPerClass` of every class, shared evenly among the patients that have it.
 *
 * A patient with fewer pixels than its share gives all it has and the others share the rest (water-filling); when a
 * share does not divide, the pixels left over go one each to patients drawn by the seed. Which rows are drawn depends
 * only on the seed, the class, the patient and the order of that patient's rows of that class, not on what else is there
 * or how it was read. Row numbers in ascending order.
 */
export function sampleRows(rows: {
  readonly truth: ArrayLike<number>;
  readonly patient: ArrayLike<number>;
  readonly pixelsPerClass: number;
  readonly seed: number | string;
  /** The rows to choose from; all if not given. */
  readonly among?: ArrayLike<number>;
}): Int32Array {
  const { truth, patient, pixelsPerClass, seed, among } = rows;
  const stream = random(seed).fork("sample");
  const groups = new Map<number, Map<number, number[]>>();
  for (let i = 0; i < (among ?? truth).length; i++) {
    const row = among ? among[i] : i;
    const ofClass = groups.get(truth[row]) ?? new Map<number, number[]>();
    groups.set(truth[row], ofClass);
    const ofPatient = ofClass.get(patient[row]);
    if (ofPatient) ofPatient.push(row);
    else ofClass.set(patient[row], [row]);
  }
  const chosen: number[] = [];
  for (const [k, ofClass] of groups) {
    const patients = [...ofClass.keys()].sort((a, b) => a - b);
    const sizes = patients.map((id) => ofClass.get(id)!.length);
    const shares = shareEvenly(sizes, pixelsPerClass, stream.fork(`class ${k}`).integer);
    for (const [p, id] of patients.entries()) {
      const from = ofClass.get(id)!;
      const draw = stream.fork(`class ${k} patient ${id}`);
      // Fisher and Yates, stopped after the share: the first places hold a draw without replacement.
      for (let i = 0; i < shares[p]; i++) {
        const j = i + draw.integer(from.length - i);
        [from[i], from[j]] = [from[j], from[i]];
        chosen.push(from[i]);
      }
    }
  }
  return Int32Array.from(chosen).sort();
}

/**
 * Share `total` among vessels of the given sizes so that the smallest share is as large as can be; what does not divide
 * goes one each to vessels picked by `integer(n)`.
 */
function shareEvenly(sizes: readonly number[], total: number, integer: (n: number) => number): number[] {
  const shares = sizes.map(() => 0);
  let open = [...sizes.keys()];
  let left = Math.min(
    Math.floor(total),
    sizes.reduce((sum, n) => sum + n, 0),
  );
  while (left >= open.length && open.length > 0) {
    const level = Math.floor(left / open.length);
    for (const p of open) {
      const more = Math.min(level, sizes[p] - shares[p]);
      shares[p] += more;
      left -= more;
    }
    open = open.filter((p) => shares[p] < sizes[p]);
  }
  for (; left > 0; left--) shares[open.splice(integer(open.length), 1)[0]]++;
  return shares;
}
