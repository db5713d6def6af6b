import { SpectraError } from "../cube/errors.js";

/** The patients of some rows, numbered without gaps in ascending order of their index, so that row order does not matter. */
export interface PatientIndex {
  readonly count: number;
  /** The patient index as given, of each numbered patient. */
  readonly ids: Int32Array;
  /** The number of each row's patient, `0 … count - 1`. */
  readonly ofRow: Int32Array;
}

/**
 * Number the patients of the rows without gaps. A row without a patient (a negative index) is an error of kind
 * "patients": which patient a pixel is from is what every split and every interval rests on.
 */
export function numberPatients(patient: ArrayLike<number>): PatientIndex {
  let largest = -1;
  for (let row = 0; row < patient.length; row++) {
    const id = patient[row];
    if (!(id >= 0)) {
      throw new SpectraError(
        "patients",
        "classify",
        `row ${row} has no patient (index ${id}); name the patient of every cube in the cohort file`,
      );
    }
    if (id > largest) largest = id;
  }
  const seen = new Int32Array(largest + 1);
  for (let row = 0; row < patient.length; row++) seen[patient[row]] = 1;
  const ids: number[] = [];
  for (let id = 0; id <= largest; id++) {
    if (seen[id]) seen[id] = ids.push(id) - 1;
  }
  const ofRow = new Int32Array(patient.length);
  for (let row = 0; row < patient.length; row++) ofRow[row] = seen[patient[row]];
  return { count: ids.length, ids: Int32Array.from(ids), ofRow };
}

/** Pixels of every class in every patient: `pixels[p * classes + k]`, p as numbered by `numberPatients`. */
export function pixelsByPatient(patients: PatientIndex, truth: ArrayLike<number>, classes: number): Float64Array {
  const pixels = new Float64Array(patients.count * classes);
  for (let row = 0; row < patients.ofRow.length; row++) {
    if (!(truth[row] < classes)) {
      throw new SpectraError("labels", "classify", `row ${row} has class ${truth[row]}; there are ${classes} classes`);
    }
    pixels[patients.ofRow[row] * classes + truth[row]]++;
  }
  return pixels;
}

/** How many patients have at least one pixel of each class, from `pixelsByPatient`. */
export function patientsPerClass(pixels: Float64Array, classes: number): Int32Array {
  const having = new Int32Array(classes);
  for (let i = 0; i < pixels.length; i++) if (pixels[i] > 0) having[i % classes]++;
  return having;
}
