import { csvTable, parseCsvTable } from "../cube/csv-table.js";
import { SpectraError } from "../cube/errors.js";

/** Folds of one repeat: its seed, which is its name, and the fold of each patient. */
export interface DealtFolds {
  readonly seed: number;
  readonly fold: Int32Array;
}

/** Folds as a CSV with the columns repeat, fold, patient; folds are counted from 1, patients in the order of their names. */
export function foldsCsv(repeats: readonly DealtFolds[], patients: readonly string[]): string {
  const rows = repeats.flatMap(({ seed, fold }) => patients.map((patient, p) => [seed, fold[p] + 1, patient]));
  return csvTable(["repeat", "fold", "patient"], rows);
}

/** Read folds back for these patients: every one must be in one fold of every repeat, and no other may be named. */
export function parseFolds(text: string, patients: readonly string[], path: string): DealtFolds[] {
  const fail = (why: string): never => {
    throw new SpectraError("patients", path, `${path}: ${why}; make the file anew by leaving --fold-file out`);
  };
  if (text.includes("\0")) fail("it is not text: it holds a NUL byte");
  const { columns, rows } = parseCsvTable(text);
  for (const name of ["repeat", "fold", "patient"]) {
    const places = columns.filter((column) => column === name).length;
    if (places !== 1) fail(`there ${places ? "are two columns" : "is no column"} "${name}"`);
  }
  const repeats = new Map<number, Int32Array>();
  for (const row of rows) {
    const [repeat, fold, patient] = ["repeat", "fold", "patient"].map((name) => row.get(name)!.trim());
    if ([repeat, fold, patient].every((field) => field === "")) continue;
    const seed = Number(repeat);
    // An empty field, 1e3 or 0x1 are numbers to JavaScript, but no whole numbers that anybody meant.
    if (!/^\d+$/.test(repeat) || !Number.isSafeInteger(seed)) fail(`the repeat "${repeat}" is not a whole number`);
    if (!/^\d+$/.test(fold) || Number(fold) < 1) fail(`the fold "${fold}" is not a whole number from 1`);
    if (Number(fold) > patients.length) fail(`the fold "${fold}" is more than there are patients (${patients.length})`);
    const place = patients.indexOf(patient);
    if (place < 0) fail(`patient "${patient}" is not among the bags`);
    const of = repeats.get(seed) ?? new Int32Array(patients.length).fill(-1);
    repeats.set(seed, of);
    if (of[place] >= 0) fail(`patient "${patient}" is in two folds of repeat ${seed}`);
    of[place] = Number(fold) - 1;
  }
  if (!repeats.size) fail("it names no fold");
  for (const [seed, fold] of repeats) {
    const missing = fold.indexOf(-1);
    if (missing >= 0) fail(`patient "${patients[missing]}" is in no fold of repeat ${seed}`);
    const most = Math.max(...fold);
    for (let f = 0; f <= most; f++) if (!fold.includes(f)) fail(`fold ${f + 1} of repeat ${seed} is empty`);
    if (most < 1) fail(`repeat ${seed} has one fold; at least 2 are needed`);
  }
  return [...repeats].map(([seed, fold]) => ({ seed, fold }));
}
