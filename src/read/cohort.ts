import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { csvParse } from "d3-dsv";
import type { Cohort } from "../cube/cohort.js";
export const cohortOf = (paths: readonly string[]): Cohort => ({ rows: paths.map((p) => ({ path: resolve(p), name: basename(p).replace(/\.[^.]*$/, ""), extra: {} })) });
export async function readCohort(path: string): Promise<Cohort> {
  return { path, rows: csvParse(readFileSync(path, "utf8")).map((r) => ({ path: resolve(dirname(path), r.cube!), name: basename(r.cube!).replace(/\.[^.]*$/, ""), patient: r.patient || undefined, core: r.core || undefined, mode: r.mode || undefined, split: r.split || undefined, extra: {} })) };
}
