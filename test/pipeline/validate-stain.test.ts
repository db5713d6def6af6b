import { join } from "node:path";
import { expect, test } from "vitest";
import { fit as fitModel } from "#pipeline/fit";
import { readModel, writeModel } from "#pipeline/model-file";
import { modelKey } from "#pipeline/model-key";
import { validate } from "#pipeline/validate";
import { cohortOf } from "#read/cohort";
import { freshFolder, smallPipeline, wavenumbers, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("validate-stain");
const pipeline = { ...smallPipeline(), reduce: { components: 6, outside: 0.01 } };
const options = { folds: 3, permutations: 0, hash: false, workers: 0 };

test("a patient whose tissue is like no other's is rejected where it is held out, and the confusion says so", async () => {
  const wax = (values: Float32Array) => {
    for (let i = 0; i < values.length; i++) {
      values[i] += 0.4 * Math.exp(-(((wavenumbers[i % wavenumbers.length] - 1540) / 8) ** 2));
    }
  };
  const plain = await writeCohort(folder, 5);
  const odd = await writeTissue(join(folder, "odd.h5"), { patient: "P9", seed: 9, spoil: wax });
  const cohort = cohortOf([...plain.rows.map(({ path }) => path), odd]);
  const { findings } = await validate(cohort, pipeline, { ...options, pair: ["Nucleus", "mucin"] });
  const { patients, stained, annotated, confusion, pair, calibration, byPatient } = findings.validation!;
  expect(patients![0].patient === "P9" || patients!.at(-1)!.patient === "P9").toBe(true);
  expect(patients!.find(({ patient }) => patient === "P9")!.coverage).toBeLessThan(0.05);
  const rejected = confusion.pixels.reduce((sum, row) => sum + row[3], 0);
  expect(rejected).toBeGreaterThanOrEqual(95);
  expect(stained!.coverage.value!).toBeLessThan(5.1 / 6);
  expect(stained!.rightOfAll.value!).toBeCloseTo(stained!.coverage.value! * stained!.accuracy.value!, 12);
  // Every second of 280 tissue pixels a patient is annotated: 140, of which up to 200 a class are drawn in all.
  expect(annotated!.pixels.reduce((sum, pixels) => sum + pixels, 0)).toBe(6 * 140);
  expect(byPatient.counts.pixels).toBe(600);
  expect(pair!.names).toEqual(["nucleus", "mucin"]);
  expect(pair!.randomSplit!.value).toBeGreaterThanOrEqual(pair!.auc.value!);
  expect(calibration.expectedError).toBeLessThan(calibration.votes!.expectedError);
});

test("a pair needs two classes that are there", async () => {
  const cohort = await writeCohort(folder, 3, { rows: 6 });
  const asked = (pair: [string, string]) => validate(cohort, pipeline, { ...options, pair });
  await expect(asked(["nucleus", "bone"])).rejects.toThrow(
    'no class is named "bone"; the classes are nucleus, collagen, mucin',
  );
  await expect(asked(["nucleus", "nucleus"])).rejects.toThrow("two classes");
});

test("the temperature is part of the model, stays in its file, and is missing where no patient can be held out", async () => {
  const cohort = await writeCohort(folder, 4, { rows: 10 });
  const { model } = await fitModel(cohort, pipeline, { workers: 0 });
  expect(model.temperature!.exponent).toBeGreaterThan(1);
  await writeModel(join(folder, "model.h5"), model);
  const back = await readModel(join(folder, "model.h5"));
  expect(back.temperature).toEqual(model.temperature);
  expect(modelKey(back)).toBe(modelKey(model));
  expect(modelKey({ ...model, temperature: undefined })).not.toBe(modelKey(model));
  const [one] = cohort.rows;
  const { model: alone } = await fitModel(cohortOf([one.path]), pipeline, { workers: 0 });
  expect(alone).not.toHaveProperty("temperature");
});
