import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { readPipeline } from "#pipeline/define";
import { publish } from "#pipeline/publish";
import { validate } from "#pipeline/validate";
import { readCohort } from "#read/cohort";
import { freshFolder, smallPipeline, writeCohort } from "./tissue.js";

const folder = freshFolder("null");
afterAll(() => rmSync(folder, { recursive: true }));

test("the true labels are judged as the shuffled ones are: with as many trees it is the figure of the validation", async () => {
  const cohort = await writeCohort(folder, 6, { rows: 8 });
  const options = { folds: 3, permutations: 5, hash: false };
  const [alone, crew] = await Promise.all(
    [0, 2].map((workers) => validate(cohort, smallPipeline(), { ...options, workers })),
  );
  const { permutation, byPatient } = alone.findings.validation!;
  expect(permutation).toMatchObject({ repeats: 5, trees: 12, p: 1 / 6, floor: 1 / 6 });
  expect(permutation!.observed).toBeCloseTo(byPatient.macroAuc.value!, 12);
  expect(crew.findings.validation!.permutation).toEqual(permutation);
  const few = await validate(cohort, smallPipeline(), { ...options, workers: 0, nullTrees: 3 });
  expect(few.findings.validation!.permutation!.trees).toBe(3);
});

const brain = fileURLToPath(new URL("../../../shared/data/real/brain-cohort.csv", import.meta.url));

// Measured spectra that are not shipped (LGPL). p is 0.06 with 99 shuffles (docs/validation.md); 39 are enough to tell.
test.skipIf(!existsSync(brain))("brain by patient: the report says that 0.61 is not better than chance", async () => {
  const cohort = await readCohort(brain);
  const options = { permutations: 39, nullTrees: 60, workers: 0, hash: false };
  const { findings } = await validate(cohort, readPipeline("digital-stain"), options);
  expect(findings.validation!.byPatient.macroAuc.value).toBeCloseTo(0.612, 3);
  expect(findings.validation!.permutation!.p).toBeGreaterThan(0.05);
  await publish(folder, "Brain", findings, { seed: 1, command: ["validate"] });
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("The macro AUC is not better than chance.");
});
