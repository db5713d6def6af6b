import type { CohortPlan, CorePlan } from "../simulate/plan-cohort.js";
import { writeCore } from "../simulate/write-core.js";

export interface MakeCoreInput {
  readonly file: string;
  readonly plan: CohortPlan;
  readonly entry: CorePlan;
  readonly mode: "SD" | "HD";
}

/** Render one simulated core into a file. */
export async function makeCore({ file, plan, entry, mode }: MakeCoreInput): Promise<{ file: string }> {
  await writeCore(file, plan, entry, mode);
  return { file };
}
