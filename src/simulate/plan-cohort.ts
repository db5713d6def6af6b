export interface CohortOptions { seed: number; patients?: number; cores?: number; size?: number; height?: number; modes?: readonly string[]; labelled?: number; difficulty?: number; start?: number; stop?: number; step?: number }
export interface CorePlan { patient: string; core: string }
export interface CohortPlan { entries: CorePlan[]; modes: ("SD" | "HD")[] }
export function planCohort(_o: CohortOptions): CohortPlan { throw new Error("no"); }
