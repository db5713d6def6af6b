import { SpectraError } from "../cube/errors.js";
import type { Counts } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";

/** Check that the arrays fit together, that every row has a class that exists, and that there are rows at all. */
export function checkPredictions(predictions: Predictions): void {
  const { count, classNames, probabilities, truth, patient, core } = predictions;
  const fits =
    probabilities.length === count * classNames.length &&
    [truth, patient, core].every((array) => array.length === count);
  if (!fits) {
    throw new SpectraError(
      "shape",
      "classify",
      `predictions of ${count} rows and ${classNames.length} classes have ${probabilities.length} probabilities, ` +
        `${truth.length} classes, ${patient.length} patients and ${core.length} cores`,
    );
  }
  if (count === 0) throw new SpectraError("labels", "classify", "there are no labelled pixels to validate on");
  const beyond = truth.findIndex((k) => k >= classNames.length);
  if (beyond >= 0) {
    throw new SpectraError(
      "labels",
      "classify",
      `row ${beyond} has class ${truth[beyond]}; there are ${classNames.length} classes`,
    );
  }
}

/** The predictions of some rows, in the order given. */
export function selectRows(predictions: Predictions, rows: ArrayLike<number>): Predictions {
  const classes = predictions.classNames.length;
  const probabilities = new Float32Array(rows.length * classes);
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < classes; k++) probabilities[i * classes + k] = predictions.probabilities[rows[i] * classes + k];
  }
  return {
    count: rows.length,
    classNames: predictions.classNames,
    probabilities,
    truth: Uint8Array.from(rows, (row) => predictions.truth[row]),
    patient: Int32Array.from(rows, (row) => predictions.patient[row]),
    core: Int32Array.from(rows, (row) => predictions.core[row]),
  };
}

/** Pixels, cores and patients of the rows whose true class is wanted; of all rows if nothing is said. */
export function countRows(predictions: Predictions, wanted: (truth: number) => boolean = () => true): Counts {
  const cores = new Set<number>();
  const patients = new Set<number>();
  let pixels = 0;
  for (let row = 0; row < predictions.count; row++) {
    if (!wanted(predictions.truth[row])) continue;
    pixels++;
    cores.add(predictions.core[row]);
    patients.add(predictions.patient[row]);
  }
  return { pixels, cores: cores.size, patients: patients.size };
}

/** Check the repeats of a validation: each by itself, and that all hold the same pixels in the same order. */
export function checkRepeats(repeats: readonly Predictions[]): void {
  const [first] = repeats;
  for (const [r, other] of repeats.entries()) {
    checkPredictions(other);
    const same =
      other.count === first.count &&
      other.classNames.length === first.classNames.length &&
      other.truth.every((k, row) => k === first.truth[row]) &&
      other.patient.every((p, row) => p === first.patient[row]);
    if (!same) throw new SpectraError("shape", "classify", `repeat ${r + 1} does not hold the pixels of repeat 1`);
  }
}

/** The predictions of all repeats, one after the other. */
export function joinRepeats(repeats: readonly Predictions[]): Predictions {
  const [first] = repeats;
  const many = <A extends Uint8Array | Int32Array | Float32Array>(of: (one: Predictions) => A, out: A): A => {
    for (const [r, one] of repeats.entries()) out.set(of(one), r * of(one).length);
    return out;
  };
  const count = first.count * repeats.length;
  return {
    count,
    classNames: first.classNames,
    probabilities: many((of) => of.probabilities, new Float32Array(count * first.classNames.length)),
    truth: many((of) => of.truth, new Uint8Array(count)),
    patient: many((of) => of.patient, new Int32Array(count)),
    core: many((of) => of.core, new Int32Array(count)),
  };
}
