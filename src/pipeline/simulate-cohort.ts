import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { claimingFolder } from "../cube/claim-folder.js";
import { csvTable } from "../cube/csv-table.js";
import { SpectraError } from "../cube/errors.js";
import { checkTarget, writeFileSafely } from "../cube/write-file.js";
import { openHdf5 } from "../hdf5/open.js";
import { type BiopsyOptions, planBiopsies } from "../simulate/plan-biopsies.js";
import { type CohortOptions, type CohortPlan, planCohort } from "../simulate/plan-cohort.js";
import { cohortCsv } from "../simulate/write-cohort.js";
import { writeCore } from "../simulate/write-core.js";
import { inOrder, withCrew } from "./crew.js";
import type { MakeCoreInput } from "./make-core.js";
import type { RunOptions } from "./progress.js";

export interface SimulateOptions extends RunOptions, Partial<CohortOptions> {
  /** Patients whose cubes get split "test", so that `fit` and `validate` leave them out: the last with cancer; 0 if not given. */
  readonly testPatients?: number;
  /** A diagnostic study of biopsies instead of annotated cores. */
  readonly study?: Omit<BiopsyOptions, "seed">;
}

/** What a folder was simulated by. */
const SIMULATION = "simulation.json";

/**
 * Write simulated, labelled cubes and their cohort.csv into a folder, cores shared out among the workers; of a study of biopsies truth.csv, too.
 * Cubes that an earlier run with the same options has finished are kept.
 */
export async function simulateCohort(
  folder: string,
  options: SimulateOptions = {},
): Promise<{ cohort: string; cubes: string[] }> {
  const { workers, signal, onProgress, onRemark, testPatients, seed = 1, study, ...wanted } = options;
  const plan = study ? planBiopsies({ seed, ...study }) : planCohort({ seed, ...wanted });
  return claimingFolder(folder, () => simulatePlan(folder, plan, options));
}

async function simulatePlan(folder: string, plan: CohortPlan, options: SimulateOptions) {
  const { workers, signal, onProgress, onRemark, testPatients = 0, study } = options;
  checkSimulation(folder);
  const said = JSON.stringify({ schema: "spectrastain/simulation/1", ...plan });
  const kept = madeBefore(folder, said);
  const made: (MakeCoreInput & { name: string })[] = plan.entries.flatMap((entry) =>
    plan.modes.map((mode) => {
      const name = `${entry.core}-${mode}.h5`;
      const { biopsy } = entry;
      const own = biopsy ? { ...plan, rows: biopsy.rows, cols: biopsy.cols, entries: [] } : plan;
      return { name, file: join(folder, name), plan: own, entry, mode };
    }),
  );
  for (const { file } of made) checkTarget(file, "simulate");
  const jobs = made.filter(({ file }) => !kept || !existsSync(file));
  if (jobs.length < made.length) onRemark?.(`${made.length - jobs.length} cube(s) are there already`);
  // Named before the first cube is written, so that a run that is stopped can be picked up.
  writeFileSafely(join(folder, SIMULATION), said);
  const stage = "simulate tissue";
  if (jobs.length === 1) {
    // One cube, perhaps a huge one: nothing to share out, so it is made here, where its rows can be counted.
    const [{ file, plan: own, entry, mode }] = jobs;
    const onRows = (done: number, total: number) => onProgress?.({ stage, done, total, unit: "rows" });
    await writeCore(file, own, entry, mode, { signal, onRows });
  } else {
    await withCrew({ workers: workers && Math.min(workers, jobs.length), signal, onRemark }, (crew) =>
      inOrder(crew, "makeCore", jobs, (_, index) => {
        onProgress?.({ stage, done: index + 1, total: jobs.length, unit: "cubes" });
      }),
    );
  }
  const sick = [...new Set(plan.entries.filter((of) => of.diagnosis === "cancer").map(({ patient }) => patient))];
  const test = new Set(testPatients ? sick.slice(-testPatients) : []);
  const cohort = join(folder, "cohort.csv");
  writeFileSafely(
    cohort,
    cohortCsv(plan, (patient) => (test.has(patient) ? "test" : "train")),
  );
  const cubes = made.map(({ file }) => file);
  if (study) await writeTruth(join(folder, "truth.csv"), cubes);
  return { cohort, cubes };
}

/** Write down what biopsies truly are: their diagnosis, and what share of their tissue is tumour, necrosis and blood. */
async function writeTruth(path: string, cubes: readonly string[]): Promise<void> {
  const names = ["biopsy", "patient", "diagnosis", "tumour_share", "necrosis_share", "blood_share"];
  const lines: string[][] = [];
  for (const cube of cubes) {
    const file = await openHdf5(cube);
    const attributes = file.attributes("/");
    file.close();
    lines.push(names.map((name) => String(attributes[name])));
  }
  writeFileSafely(path, csvTable(names, lines));
}

/** Refuse a folder that holds files, and no simulation: who knows whose they are. */
function checkSimulation(folder: string): void {
  checkTarget(join(folder, SIMULATION), "simulation");
  if (existsSync(join(folder, SIMULATION))) return;
  const found = readdirSync(folder, { withFileTypes: true }).find(
    (entry) => !entry.isDirectory() && entry.name[0] !== ".",
  );
  if (!found) return;
  const message = `${folder} holds ${found.name}, which was not simulated; name another --out`;
  throw new SpectraError("usage", folder, message);
}

/** Whether the cubes in a folder were made by the same plan. */
function madeBefore(folder: string, said: string): boolean {
  try {
    return readFileSync(join(folder, SIMULATION), "utf8") === said;
  } catch {
    return false;
  }
}
