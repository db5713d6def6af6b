import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Findings } from "../cube/findings.js";
import { readCohort } from "../read/cohort.js";
import { readPipeline } from "./define.js";
import { writeModel } from "./model-file.js";
import type { RunOptions } from "./progress.js";
import { publish } from "./publish.js";
import { simulateCohort } from "./simulate-cohort.js";
import { stainCohort } from "./stain-cohort.js";
import { validate } from "./validate.js";

/** Kept small, so that all of it takes less than three minutes on two cores. */
const cohortOptions = { patients: 11, testPatients: 1, cores: 1, size: 320, modes: ["SD", "HD"], step: 7.714 } as const;
const pixelsPerClass = 4000;
const permutations = 10;

/**
 * Every step on simulated tissue: a cohort in SD and HD, a validation by patient, a model, the stain of a patient that was held
 * out, and the report. The same seed gives the same figures.
 */
export async function demo(folder: string, options: RunOptions & { seed: number }): Promise<Findings> {
  const { seed } = options;
  mkdirSync(folder, { recursive: true });
  const { cohort: file } = await simulateCohort(join(folder, "cohort"), { ...cohortOptions, ...options });
  const cohort = await readCohort(file);
  const shipped = readPipeline("digital-stain");
  const pipeline = { ...shipped, classify: { ...shipped.classify, pixelsPerClass } };
  const { findings, model } = await validate(cohort, pipeline, { ...options, permutations });
  await writeModel(join(folder, "model.h5"), model);
  const unseen = { ...cohort, rows: cohort.rows.filter(({ split }) => split === "test") };
  const stained = await stainCohort(unseen, model, folder, options);
  const parts = { ...findings, ...stained, inputs: [...findings.inputs, ...stained.inputs] };
  return publish(folder, "Demonstration on simulated tissue", parts, { seed, command: ["demo"] });
}
