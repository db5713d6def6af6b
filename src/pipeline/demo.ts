import { join } from "node:path";
import type { Cohort } from "../cube/cohort.js";
import type { Findings } from "../cube/findings.js";
import { makeFolder } from "../cube/make-folder.js";
import type { Model } from "../cube/model.js";
import { checkTarget } from "../cube/write-file.js";
import { readCohort } from "../read/cohort.js";
import type { Paths } from "../report/finding-paths.js";
import { planBiopsies } from "../simulate/plan-biopsies.js";
import { bagCohort } from "./bag-cohort.js";
import { readPipeline } from "./define.js";
import { diagnoseCohort } from "./diagnose-cohort.js";
import { writeMilModel } from "./mil-file.js";
import { writeModel } from "./model-file.js";
import type { RunOptions } from "./progress.js";
import { checkResults, publish } from "./publish.js";
import { readBags } from "./read-bags.js";
import { simulateCohort } from "./simulate-cohort.js";
import { stainCohort } from "./stain-cohort.js";
import { trainMil } from "./train-mil.js";
import { validate } from "./validate.js";

/** Kept small, so that all of it takes less than three minutes on two cores. */
const step = 7.714;
const cohortOptions = { patients: 11, testPatients: 1, cores: 1, size: 320, modes: ["SD", "HD"], step } as const;
const pixelsPerClass = 4000;
const nullTest = { permutations: 19, nullTrees: 30 } as const;
const patchUm = 110;
// Of so few biopsies a tumour of one per cent could not be learned: those of the demonstration take more.
const studyOptions = { biopsies: 43, patchUm, patches: [16, 60], tumour: [0.03, 0.6], necrotic: 1, step } as const;
const training = { methods: ["top-k", "gated-attention", "supervised"], repeats: 1, permutations: 19 } as const;

type Run = RunOptions & { readonly seed: number; readonly paths?: Paths };

/**
 * Every step on simulated tissue: annotated cores in SD and HD, a validation by patient, a model and the stain of a patient that was
 * held out; then biopsies of other patients, a diagnosis judged by patient, and three cases that it has not seen: a benign one, a
 * malignant one, and one whose tumour has died, so that stain and diagnosis part. The same seed gives the same figures.
 */
export async function demo(folder: string, given: Run): Promise<Findings> {
  const { seed } = given;
  const seconds = new Map<string, number>();
  const options: Run = { ...given, onTime: (what, took) => seconds.set(what, took) };
  makeFolder(folder);
  checkResults(folder, "demo");
  for (const [name, mark] of Object.entries({ "model.h5": "model", "mil-model.h5": "mil" })) {
    checkTarget(join(folder, name), mark);
  }
  const { cohort: file } = await simulateCohort(join(folder, "cohort"), { ...cohortOptions, ...options });
  const cohort = await readCohort(file);
  const shipped = readPipeline("digital-stain");
  const pipeline = { ...shipped, classify: { ...shipped.classify, pixelsPerClass } };
  const { findings, model } = await validate(cohort, pipeline, { ...options, ...nullTest, pair: ["cancer", "benign"] });
  await writeModel(join(folder, "model.h5"), model);
  const unseen = { ...cohort, rows: cohort.rows.filter(({ split }) => split === "test") };
  const stained = await stainCohort(unseen, model, folder, options);
  const diagnosed = await demoDiagnosis(folder, model, options);
  const parts = {
    ...findings,
    ...diagnosed,
    pipeline,
    stains: [...(stained.stains ?? []), ...(diagnosed.stains ?? [])],
    failures: [...(stained.failures ?? []), ...(diagnosed.failures ?? [])],
    inputs: [...findings.inputs, ...stained.inputs, ...diagnosed.inputs],
    stamps: [...new Set([...findings.stamps, ...stained.stamps, ...diagnosed.stamps])],
  };
  const how = { seed, command: ["demo"], paths: given.paths, seconds: Object.fromEntries(seconds) };
  return publish(folder, "Demonstration on simulated tissue", parts, how);
}

/** The diagnosis: a study of biopsies, and three cases held out of it. */
async function demoDiagnosis(folder: string, model: Model, options: Run) {
  const { seed } = options;
  const { cohort: file } = await simulateCohort(join(folder, "biopsies"), { ...options, study: studyOptions });
  const cohort = await readCohort(file);
  const chosen = new Set(chooseCases(seed));
  const rowsWhere = (isCase: boolean): Cohort => ({
    ...cohort,
    rows: cohort.rows.filter(({ patient }) => chosen.has(patient ?? "") === isCase),
  });
  const maps = join(folder, "biopsy-maps");
  await stainCohort(rowsWhere(false), model, maps, { ...options, pictures: "none" });
  const bags = join(folder, "bags");
  await bagCohort(rowsWhere(false), model, maps, bags, { ...options, patchUm, windowUm: 0 });
  const study = await trainMil(await readBags([bags]), join(folder, "study"), { ...options, ...training });
  await writeMilModel(join(folder, "mil-model.h5"), study.model);

  const stained = await stainCohort(rowsWhere(true), model, folder, options);
  const caseBags = join(folder, "case-bags");
  await bagCohort(rowsWhere(true), model, folder, caseBags, { ...options, patchUm });
  const run = { folder, findings: stained as Findings };
  return diagnoseCohort(await readBags([caseBags]), study.model, folder, { ...options, stain: run });
}

/** Patients of the cases: a benign one, the malignant one with the largest tumour, and the one whose tumour has died. */
function chooseCases(seed: number): string[] {
  const { entries } = planBiopsies({ seed, ...studyOptions });
  const ordinary = entries.filter(({ biopsy }) => !biopsy!.necrotic);
  const largest = ordinary.reduce((most, entry) => (entry.biopsy!.tumour > most.biopsy!.tumour ? entry : most));
  const benign = ordinary.filter(({ diagnosis }) => diagnosis === "benign");
  const dead = entries.filter(({ biopsy }) => biopsy!.necrotic);
  return [benign[benign.length - 1], largest, ...dead].map(({ patient }) => patient);
}
