import { expect, test } from "vitest";
import { definePipeline, readPipeline } from "#pipeline/define";
import { curve } from "#report/charts/series";
import { evidence } from "#report/evidence";
import { pipelineSteps } from "#report/sections/pipeline-steps";

const said = (params: object) => {
  const pipeline = definePipeline({ name: "said", steps: [{ correct: "quality", params }] });
  return String(pipelineSteps(evidence(pipeline, "pipeline"))).replace(/<[^>]*>/g, "");
};

test("a noise check without a quiet range is not printed, one with it is", () => {
  expect(said({ signalToNoise: 20 })).not.toMatch(/signal to noise/);
  expect(said({ signalToNoise: 20, quiet: [1800, 1900] })).toMatch(/quiet 1 ?800–1 ?900.*signal to noise 20/);
  expect(String(pipelineSteps(evidence(readPipeline(), "pipeline")))).not.toMatch(/signal to noise/);
});

test("the amide I range is printed while some check looks at it", () => {
  expect(said({})).toMatch(/amide I 1 ?600–1 ?700/);
  expect(said({ minimumMean: null })).not.toMatch(/amide I/);
  expect(said({ minimumMean: null, position: [1640, 1670] })).toMatch(/amide I 1 ?600–1 ?700/);
});

test("a curve breaks where the findings say that the axis has a gap, and nowhere on an axis uniform in µm", () => {
  const axis = Array.from({ length: 50 }, (_, i) => 1e4 / (11 - 0.1 * i));
  const holes = (gaps?: readonly number[]) =>
    curve(axis, axis, undefined, gaps)
      .slice(0, -1)
      .flatMap(({ value }, i) => (Number.isNaN(value) ? [i] : []));
  expect(holes()).toEqual([]);
  expect(holes([20])).toEqual([20]);
});
