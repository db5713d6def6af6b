import { closeSync, openSync, readSync } from "node:fs";
import type { Cohort } from "../cube/cohort.js";
import { cohortOf, readCohort } from "../read/cohort.js";

/** A cohort from the inputs of a command: one cohort file, or cubes and tables of spectra by name. */
export async function cohortFrom(inputs: readonly string[]): Promise<Cohort> {
  const [first] = inputs;
  return inputs.length === 1 && /\.csv$/i.test(first) && !isTable(first) ? readCohort(first) : cohortOf(inputs);
}

/** Whether a CSV is a table of spectra: its header holds numbers, the wavenumbers; a cohort file's holds words. */
function isTable(path: string): boolean {
  try {
    const file = openSync(path, "r");
    const start = Buffer.alloc(65536);
    const length = readSync(file, start);
    closeSync(file);
    const [header] = start.toString("utf8", 0, length).split(/\r?\n/, 1);
    return header.split(/[,;\t]/).filter((name) => name.trim() !== "" && Number.isFinite(Number(name))).length >= 2;
  } catch {
    // A file that cannot be read is reported by the reader, with its reason.
    return false;
  }
}
