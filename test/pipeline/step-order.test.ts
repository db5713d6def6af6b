import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { correctMethods } from "#correct/prepare";
import { SpectraError } from "#cube/errors";
import { anyQuantity, type Quantity } from "#cube/spectra";
import { twinKernels } from "#kernels/twin-kernels";
import { normaliseMethods } from "#normalise/prepare";
import { definePipeline, pipelineJsonSchema, readPipeline, shippedPipelines } from "#pipeline/define";
import { planSteps } from "#pipeline/plan";

const least: Record<string, object> = {
  keep: { ranges: [[900, 1800]] },
  cut: { ranges: [[1200, 1300]] },
  resample: { start: 900, stop: 1800, step: 4 },
};
/** Each method as a step of a pipeline file, by its name; the derivative as both that there are. */
const written: Record<string, object> = {
  ...Object.fromEntries(Object.keys(correctMethods).map((name) => [name, { correct: name, params: least[name] }])),
  "first derivative": { correct: "derivative", params: { derivative: 1 } },
  ...Object.fromEntries(Object.keys(normaliseMethods).map((name) => [name, { normalise: name }])),
};
const define = (...names: string[]) =>
  definePipeline({ name: "order", steps: names.map((name) => written[name]) }, "order.yaml");

const scalings = Object.keys(normaliseMethods);
const baselines = Object.keys(correctMethods).filter((name) => name.startsWith("baseline-"));
const derivatives = ["derivative", "first derivative"];

describe("what may stand behind what", () => {
  const wantAbsorbance = ["quality"];
  const wantHills = [...baselines, "offset", ...derivatives, "area", "amide-i-area", "amide-i-height"];
  const refused = (first: string, second: string) =>
    (wantAbsorbance.includes(second) && [...scalings, ...derivatives].includes(first)) ||
    (wantHills.includes(second) && derivatives.includes(first));

  test("every pair of steps is taken or refused by what the numbers are between them", () => {
    let [taken, not] = [0, 0];
    for (const first of Object.keys(written)) {
      for (const second of Object.keys(written)) {
        if (refused(first, second)) {
          not++;
          expect(() => define(first, second), `${first}, ${second}`).toThrow(SpectraError);
        } else {
          taken++;
          expect(define(first, second).steps, `${first}, ${second}`).toHaveLength(2);
        }
      }
    }
    // 6 scalings and 2 derivatives before quality; 2 derivatives before 5 baselines, offset, 2 derivatives, 3 scalings.
    expect([taken, not]).toEqual([19 * 19 - (8 + 22), 8 + 22]);
  });
});

test("the error names both steps, what the one takes and the other gives, and the way out", () => {
  const attempt = () => define("keep", "vector", "quality");
  expect(attempt).toThrow(
    "order.yaml: step 3 (quality) takes absorbance, step 2 (vector) gives normalised; put it before",
  );
  expect(() => define("vector", "derivative", "vector", "keep", "baseline-rubberband")).toThrow(
    "step 5 (baseline-rubberband) takes absorbance or normalised, step 2 (derivative) gives second-derivative; put it before",
  );
});

test("what comes between two steps and changes no quantity does not hide the one that did", () => {
  expect(() => define("snv", "smooth", "cut", "resample", "quality")).toThrow("step 1 (snv) gives normalised");
  expect(() => define("first derivative", "snv", "derivative")).toThrow("step 1 (derivative) gives first-derivative");
});

test("a pipeline file, and steps that were never defined, are checked as well", () => {
  const path = join(mkdtempSync(join(tmpdir(), "order-")), "late.yaml");
  writeFileSync(path, "name: late\nsteps:\n  - normalise: vector\n  - correct: quality\n");
  expect(() => readPipeline(path)).toThrow(
    `${path}: step 2 (quality) takes absorbance, step 1 (vector) gives normalised`,
  );
  const steps = [
    { step: "correct", method: "derivative", params: { window: 5 } },
    { step: "correct", method: "offset", params: {} },
  ] as const;
  const axis = Float64Array.from({ length: 200 }, (_, i) => 1500 + 2 * i);
  expect(() => planSteps(steps, axis, twinKernels())).toThrow("step 2 (offset) takes absorbance or normalised");
});

test("the shipped pipelines are in order, and the schema beside them is the one that the code makes", () => {
  for (const name of shippedPipelines) expect(readPipeline(name).steps.length).toBeGreaterThan(2);
  const beside = readFileSync(new URL("../../pipelines/pipeline.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(beside)).toEqual(JSON.parse(JSON.stringify(pipelineJsonSchema())));
});

test("every method says what it takes, and gives something that there is", () => {
  const methods = Object.values({ ...correctMethods, ...normaliseMethods });
  let given = 0;
  for (const { takes, gives } of methods) {
    expect(takes).toContain("absorbance");
    for (const quantity of takes) {
      const after: Quantity = gives?.(quantity, {}) ?? quantity;
      expect(anyQuantity).toContain(after);
      given++;
    }
  }
  expect(given).toBeGreaterThan(methods.length);
});
