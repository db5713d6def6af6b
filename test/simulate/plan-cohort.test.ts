import { expect, test } from "vitest";
import { type CohortOptions, planCohort, wavenumbersOf } from "#simulate/plan-cohort";
import { cohortCsv } from "#simulate/write-cohort";

test("a seed is enough: twelve patients of one core in SD and HD, 234 bands from 899 cm-1", () => {
  const plan = planCohort({ seed: 1 });
  expect(plan.entries.map(({ patient }) => patient)).toEqual(
    Array.from({ length: 12 }, (_, i) => `P${String(i + 1).padStart(2, "0")}`),
  );
  expect(plan.entries[0]).toMatchObject({ core: "P01-C1", slide: "S01" });
  expect(plan).toMatchObject({ rows: 320, cols: 320, modes: ["SD", "HD"], labelled: 0.08, difficulty: 0.5 });
  const axis = wavenumbersOf(plan);
  expect(axis.length).toBe(234);
  expect(axis[0]).toBe(899);
  // 899 + 233 · 3.857 = 1797.681, the last multiple below 1801.
  expect(axis[233]).toBeCloseTo(1797.681, 9);
});

test("six patients in ten have cancer, and all cores of a patient share the diagnosis and the slide", () => {
  const { entries } = planCohort({ seed: 4, patients: 10, cores: 3 });
  expect(entries.length).toBe(30);
  const sick = new Set(entries.filter(({ diagnosis }) => diagnosis === "cancer").map(({ patient }) => patient));
  expect(sick.size).toBe(6);
  for (const { patient, diagnosis, slide } of entries) {
    expect(diagnosis).toBe(sick.has(patient) ? "cancer" : "benign");
    expect(slide).toBe(patient.replace("P", "S"));
  }
});

test("a plan survives JSON, so that workers and files can hold it", () => {
  const plan = planCohort({ seed: 2, patients: 3, modes: ["HD"] });
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test("a height that is not the size makes a tall image", () => {
  expect(planCohort({ seed: 1, size: 100, height: 1000 })).toMatchObject({ rows: 1000, cols: 100 });
});

test("options that make no sense are refused with their name, value and what is allowed", () => {
  const wrong: [Partial<CohortOptions>, RegExp][] = [
    [{ size: 321 }, /size is 321; it must be a multiple of 5/],
    [{ height: 12 }, /height is 12/],
    [{ patients: 0 }, /patients is 0/],
    [{ cores: 1.5 }, /cores is 1.5/],
    [{ modes: ["SD", "XD"] }, /modes is \["SD","XD"\]; it must be of "SD" and "HD"/],
    [{ modes: [] }, /modes is \[\]/],
    [{ modes: ["SD", "SD"] }, /modes is/],
    [{ labelled: 0 }, /labelled is 0/],
    [{ difficulty: 1.1 }, /difficulty is 1.1; it must be from 0 to 1/],
    [{ start: 1900, stop: 1800 }, /stop is 1800/],
    [{ step: 0 }, /step is 0/],
    [{ seed: Number.NaN }, /seed is null; it must be a whole number/],
  ];
  expect.assertions(2 * wrong.length);
  for (const [options, message] of wrong) {
    try {
      planCohort({ seed: 1, ...options });
    } catch (error) {
      expect(error).toMatchObject({ name: "SpectraError", kind: "params", place: "simulate" });
      expect((error as Error).message).toMatch(message);
    }
  }
});

test("the cohort file has one row a cube, the diagnosis as label and the split as asked", () => {
  const plan = planCohort({ seed: 1, patients: 2 });
  const [first, second] = plan.entries;
  expect(cohortCsv(plan, (patient) => (patient === "P02" ? "test" : "train"))).toBe(
    [
      "cube,patient,core,slide,mode,label,split",
      `P01-C1-SD.h5,P01,P01-C1,S01,SD,${first.diagnosis},train`,
      `P01-C1-HD.h5,P01,P01-C1,S01,HD,${first.diagnosis},train`,
      `P02-C1-SD.h5,P02,P02-C1,S02,SD,${second.diagnosis},test`,
      `P02-C1-HD.h5,P02,P02-C1,S02,HD,${second.diagnosis},test`,
      "",
    ].join("\n"),
  );
  expect(cohortCsv(plan).split("\n")[1].endsWith(",")).toBe(true);
});
