import type { LabelledRows } from "../classify/folds.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "../classify/patients.js";
import type { Table } from "./table.js";

/** Patients and classes of some rows of a table, to be dealt into folds. */
export function labelledRows({ patient, truth, labels, classNames }: Table, rows: Int32Array) {
  return {
    patient: rows.map((row) => patient[row]),
    truth: Uint8Array.from(rows, (row) => truth[row]),
    classNames: Array.from(labels, (value) => classNames[value]),
  };
}

/** Whether patients can be held out of them: two classes, one of them in two patients. */
export function canHoldOut(rows: LabelledRows): boolean {
  const having = patientsOfClasses(rows);
  return having.some((patients) => patients > 1) && having.filter((patients) => patients > 0).length > 1;
}

/** In how many patients each class is. */
export function patientsOfClasses({ patient, truth, classNames }: LabelledRows): Int32Array {
  return patientsPerClass(pixelsByPatient(numberPatients(patient), truth, classNames.length), classNames.length);
}
