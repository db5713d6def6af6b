import { expect, test } from "vitest";
import type { Findings, StainFinding } from "#cube/findings";
import { mergeFindings } from "#report/merge-findings";
import { caseOf, plausibleStudy } from "./diagnosis-findings.js";
import { pictures, plausible } from "./findings.js";

const base = plausible();
const [anyStain] = base.stains!;
const withoutStains: Findings = { ...base, stains: undefined, validation: undefined };

const stainOf = (patient: string, change: Partial<StainFinding> = {}): StainFinding => ({
  ...anyStain,
  name: "scan",
  file: `/data/${patient}/scan.h5`,
  patient,
  cube: `sha256:${patient}`,
  model: "model-1",
  ...change,
});
const runOf = (change: Partial<Findings>) => ({ findings: { ...withoutStains, ...change }, pictures });
const merge = (...changes: Partial<Findings>[]) => mergeFindings(changes.map(runOf)).findings;

test("two cubes of one name stand both in a report of two runs, and their cases beside their own stains", () => {
  const case1 = caseOf("case 1", { cubes: ["scan"], cubeKeys: ["sha256:B"], stainModel: "model-1" });
  const maps = case1.maps.map((map) => ({ ...map, cube: "scan" }));
  const { stains, cases } = merge({ stains: [stainOf("A")] }, { stains: [stainOf("B")], cases: [{ ...case1, maps }] });
  expect(stains!.map(({ patient }) => patient)).toEqual(["A", "B"]);
  const [a, b] = stains!.map(({ name }) => name);
  expect(a).toMatch(/^scan-[0-9a-f]{6}$/);
  expect(b).not.toBe(a);
  expect(cases![0].cubes).toEqual([b]);
  for (const map of cases![0].maps) expect(map.cube).toBe(b);
});

test("the same stain in two runs stands once, under its name", () => {
  const { stains } = merge({ stains: [stainOf("A")] }, { stains: [stainOf("A")] });
  expect(stains!.map(({ name }) => name)).toEqual(["scan"]);
});

test("findings of an earlier version tell their cubes by the hashes of the inputs, else by their paths", () => {
  const old = (patient: string) => stainOf(patient, { cube: undefined, model: undefined });
  const { stains } = merge({ stains: [old("A")] }, { stains: [old("B")] }, { stains: [old("A")] });
  expect(stains!.map(({ patient }) => patient)).toEqual(["A", "B"]);
});

test("stains of two models are no one report", () => {
  const other = stainOf("B", { model: "model-2" });
  expect(() => merge({ stains: [stainOf("A")] }, { stains: [other] })).toThrow(
    "/data/A/scan.h5 was stained with model model-1, /data/B/scan.h5 was stained with model model-2; one report describes one model: make a report of each",
  );
});

test("a case of another stain or another study than those beside it is refused", () => {
  const case1 = caseOf("case 1", { cubes: ["scan"], cubeKeys: ["sha256:A"], stainModel: "model-2", model: "mil-2" });
  expect(() => merge({ stains: [stainOf("A")] }, { cases: [case1] })).toThrow(
    "case case 1 rests on a stain with model model-2, /data/A/scan.h5 was stained with model-1; make its bags from this stain",
  );
  const study = { ...plausibleStudy(), model: "mil-1" };
  expect(() => merge({ study }, { cases: [case1] })).toThrow(
    "case case 1 was diagnosed with model mil-2, the study is that of mil-1; diagnose it with the model of this study",
  );
});

test("a validation of another model than the one that stained is stamped", () => {
  const validated = (model: string) => ({ ...base.validation!, model });
  const other = merge({ validation: validated("model-2") }, { stains: [stainOf("A")] });
  expect(other.stamps).toContain("the validation is of another model (model-2) than the one that stained (model-1)");
  const same = merge({ validation: validated("model-1") }, { stains: [stainOf("A")] });
  expect(same.stamps).toEqual(base.stamps);
});
