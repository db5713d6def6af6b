import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { definePipeline, pipelineJsonSchema, readPipeline, shippedPipelines } from "#pipeline/define";

const folder = mkdtempSync(join(tmpdir(), "define-"));
const written = (text: string) => {
  const path = join(folder, "pipeline.yaml");
  writeFileSync(path, text);
  return path;
};
const refusal = (text: string) => {
  try {
    readPipeline(written(text));
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error("it was not refused");
};

describe("a pipeline file", () => {
  test.each(shippedPipelines)("%s is shipped, and every parameter in it is known", (name) => {
    const pipeline = readPipeline(name);
    expect(pipeline.name).toBe(name);
    expect(pipeline.steps.length).toBeGreaterThan(2);
    expect(pipeline.description).toMatch(/components, forest of \d+ trees|random forest of \d+ trees/);
  });

  test("survives JSON: what a report prints can be run again", () => {
    const { steps, ...rest } = readPipeline("derivative");
    const again = JSON.parse(
      JSON.stringify({ ...rest, steps: steps.map(({ step, method, params }) => ({ [step]: method, params })) }),
    );
    expect(definePipeline(again)).toEqual(readPipeline("derivative"));
  });

  test("has its JSON Schema beside the shipped ones, made from the same definition (renew it with vitest -u)", async () => {
    await expect(`${JSON.stringify(pipelineJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      "../../pipelines/pipeline.schema.json",
    );
  });
});

describe("a wrong pipeline is refused with the way out", () => {
  test("a name that is neither shipped nor a file", () => {
    expect(() => readPipeline("no-such-pipeline")).toThrow(/name a file, or one of digital-stain, derivative/);
  });

  test("broken YAML names the file and the line", () => {
    const error = refusal("name: x\nsteps: [");
    expect(error.message).toMatch(/pipeline\.yaml is not YAML/);
    expect(error).toMatchObject({ kind: "format" });
  });

  test("a custom tag makes no object", () => {
    expect(refusal("name: !!js/function 'x'\nsteps: !!map []").message).toMatch(/pipeline\.yaml/);
  });

  test("a method that does not exist, with those that do", () => {
    expect(refusal("name: x\nsteps:\n - correct: basline").message).toMatch(
      /step 1: correct has no method "basline"; it has quality, keep/,
    );
  });

  test("a parameter that does not exist, or has a wrong value", () => {
    expect(refusal("name: x\nsteps:\n - correct: keep\n   params: { range: [1, 2] }").message).toMatch(
      /step 1 \(keep\)/,
    );
    expect(refusal("name: x\nsteps:\n - correct: smooth\n   params: { window: 4 }").message).toMatch(
      /step 1 \(smooth\): window/,
    );
  });

  test("a step that is neither correct nor normalise", () => {
    expect(refusal("name: x\nsteps:\n - baseline: als").message).toMatch(
      /neither "correct: METHOD" nor "normalise: METHOD"/,
    );
  });

  test("no steps at all, a word too many, a share out of range", () => {
    expect(refusal("name: x").message).toMatch(/has no list of steps/);
    expect(refusal("name: x\nsteps: []\nclasify: {}").message).toMatch(/clasify/);
    expect(refusal("name: x\nsteps: []\nstain: { threshold: 2 }").message).toMatch(/stain\.threshold/);
  });
});
