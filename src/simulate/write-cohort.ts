import type { CohortPlan } from "./plan-cohort.js";

/**
 * The cohort file of a plan: one row a cube, named CORE-MODE.h5 beside it, the diagnosis of the core as its label; a study
 * of biopsies has the column biopsy as well.
 * `splitOf` gives the patient's split; empty if not given.
 */
export function cohortCsv(plan: CohortPlan, splitOf: (patient: string) => string = () => ""): string {
  const study = plan.entries.some(({ biopsy }) => biopsy);
  const lines = plan.entries.flatMap(({ patient, core, slide, diagnosis, biopsy }) =>
    plan.modes.map((mode) => {
      const label = biopsy && diagnosis === "cancer" ? "malignant" : diagnosis;
      const fields = [`${core}-${mode}.h5`, patient, core, slide, mode, label, splitOf(patient)];
      return [...fields, ...(study ? [biopsy?.name ?? ""] : [])].join(",");
    }),
  );
  const header = `cube,patient,core,slide,mode,label,split${study ? ",biopsy" : ""}`;
  return `${[header, ...lines].join("\n")}\n`;
}
