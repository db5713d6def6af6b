import type { CohortPlan } from "./plan-cohort.js";

/**
 * The cohort file of a plan: one row a cube, named CORE-MODE.h5 beside it, the diagnosis of the core as its label.
 * `splitOf` gives the patient's split; empty if not given.
 */
export function cohortCsv(plan: CohortPlan, splitOf: (patient: string) => string = () => ""): string {
  const lines = plan.entries.flatMap(({ patient, core, slide, diagnosis }) =>
    plan.modes.map((mode) => [`${core}-${mode}.h5`, patient, core, slide, mode, diagnosis, splitOf(patient)].join(",")),
  );
  return `${["cube,patient,core,slide,mode,label,split", ...lines].join("\n")}\n`;
}
