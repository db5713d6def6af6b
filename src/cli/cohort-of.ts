import type { Cohort } from "../cube/cohort.js";
import { cohortOf, readCohort } from "../read/cohort.js";

/** A cohort from the inputs of a command: one CSV file, or cubes by name. */
export async function cohortFrom(inputs: readonly string[]): Promise<Cohort> {
  const [first] = inputs;
  return inputs.length === 1 && /\.csv$/i.test(first) ? readCohort(first) : cohortOf([...inputs]);
}
