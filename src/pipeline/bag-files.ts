import { join } from "node:path";
import type { Bag } from "../cube/bag.js";
import type { CohortRow } from "../cube/cohort.js";
import { csvTable } from "../cube/csv-table.js";
import type { Cube } from "../cube/cube.js";
import type { CubeKey } from "../cube/identity.js";
import { checkTarget, writeFileSafely } from "../cube/write-file.js";

export interface BagsMade {
  readonly bags: readonly { readonly name: string; readonly file: string; readonly patches: number }[];
  readonly failures: readonly { readonly file: string; readonly error: string }[];
}

export const bagFile = (folder: string, name: string) => join(folder, `${name}.bag.h5`);

const columns = ["bag", "patient", "biopsy", "core", "slide", "label", "split", "patches"] as const;

/** See, before any work is done, that what is written of a cohort stands over nothing that was not made here. */
export function checkBags(folder: string, rows: readonly CohortRow[]): void {
  checkTarget(join(folder, "bags.csv"), columns.slice(0, 3).join());
  for (const { name } of rows) checkTarget(bagFile(folder, name), "bag");
}

/** Write bags.csv, a line a cube, and say what was made. */
export function writeIndex(folder: string, bags: readonly Bag[], failures: BagsMade["failures"]): BagsMade {
  const rows = bags.map((bag) => [
    `${bag.name}.bag.h5`,
    bag.patient,
    bag.biopsy,
    bag.core,
    bag.slide,
    bag.label,
    bag.split,
    bag.patches.count,
  ]);
  writeFileSafely(join(folder, "bags.csv"), csvTable(columns, rows));
  const made = bags.map(({ name, patches }) => ({ name, file: bagFile(folder, name), patches: patches.count }));
  return { bags: made, failures };
}

/** Where a bag is from: what the cohort says of its cube, else what the cube says itself. */
export function whence(row: CohortRow, cube: Cube, key: CubeKey) {
  return {
    cube: key,
    name: row.name,
    file: row.path,
    patient: row.patient ?? cube.patient,
    biopsy: row.extra.biopsy || undefined,
    core: row.core ?? cube.core,
    slide: row.slide ?? cube.slide,
    label: row.label,
    split: row.split,
    origin: cube.origin,
    rows: cube.rows,
    cols: cube.cols,
  };
}
