import type { Cohort } from "../cube/cohort.js";
import { noteInputs } from "../cube/inputs.js";
import { cohortOf, readCohort } from "../read/cohort.js";
import { isTable, isTextFile } from "../read/is-table.js";
import { sayHead } from "./say-cohort.js";
import type { Talk } from "./talk.js";

/** A cohort from the inputs of a command: one cohort file, or cubes and tables of spectra by name. What a cohort file says is told first. */
export async function cohortFrom(inputs: readonly string[], say: Pick<Talk, "onRemark">): Promise<Cohort> {
  const [first] = inputs;
  const cohort = await (inputs.length === 1 && isTextFile(first) && !isTable(first)
    ? readCohort(first)
    : cohortOf(inputs));
  sayHead(cohort, say);
  noteInputs([...inputs, ...cohort.rows.map(({ path }) => path)]);
  return cohort;
}
