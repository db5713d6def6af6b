import type { Predictions } from "../cube/predictions.js";
import type { Table } from "./table.js";

/** The rows of a table whose fold, patient or whatever is wanted, ascending. */
export function rowsWhere(of: Int32Array, wanted: (value: number) => boolean): Int32Array {
  const rows = new Int32Array(of.length);
  let count = 0;
  for (let row = 0; row < of.length; row++) if (wanted(of[row])) rows[count++] = row;
  return rows.slice(0, count);
}

/** Put the probabilities of some rows at their places among those of all rows. */
export function scatter(from: Float32Array, rows: Int32Array, classes: number, into: Float32Array): void {
  for (const [place, row] of rows.entries()) {
    into.set(from.subarray(place * classes, (place + 1) * classes), row * classes);
  }
}

/** Held-out probabilities of every row of a table, as the statistics want them. */
export function predictionsOf(table: Table, probabilities: Float32Array): Predictions {
  return {
    count: table.count,
    classNames: Array.from(table.labels, (value) => table.classNames[value]),
    probabilities,
    truth: table.truth,
    patient: table.patient,
    core: table.core,
  };
}
