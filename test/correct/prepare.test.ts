import { expect, test } from "vitest";
import { z } from "zod";
import { correctMethods, prepareCorrect } from "#correct/prepare";
import { SpectraError } from "#cube/errors";
import { twinKernels } from "#kernels/twin-kernels";
import { golden } from "./golden.js";

const axis = Float64Array.from(golden.x);
const step = (method: string, params: Record<string, unknown> = {}) => ({ step: "correct", method, params }) as const;
const prepare = (method: string, params?: Record<string, unknown>) =>
  prepareCorrect(step(method, params), axis, twinKernels());

function thrownBy(attempt: () => unknown): SpectraError {
  try {
    attempt();
  } catch (thrown) {
    if (thrown instanceof SpectraError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

test("a method that does not exist is refused with those that do", () => {
  const error = thrownBy(() => prepare("baseline-rubber"));
  expect([error.kind, error.place]).toEqual(["params", "correct"]);
  expect(error.message).toContain('correct has no method "baseline-rubber"; it has: quality, keep, cut,');
});

test("the name of something every object has is no method", () => {
  expect(() => prepare("constructor")).toThrow('correct has no method "constructor"');
});

test.each([
  ["cut", {}, '"ranges" is missing'],
  ["cut", { ranges: [[1, "2"]] }, '"ranges" is [[1,"2"]]'],
  ["smooth", { window: "9" }, '"window" is "9"'],
  ["derivative", { derivative: 3 }, '"derivative" is 3'],
  ["derivative", { edges: "wrap" }, '"edges" is "wrap"'],
  ["baseline-asymmetric", { asymmetry: 1 }, '"asymmetry" is 1'],
  ["baseline-polynomial", { order: 2.5 }, '"order" is 2.5'],
  ["quality", { saturated: Number.NaN }, '"saturated" is null'],
])("%s %j: the parameter, its value and what is allowed are named", (method, params, words) => {
  const error = thrownBy(() => prepare(method, params));
  expect(error.kind).toBe("params");
  expect(error.message).toContain(`${method}: parameter ${words}`);
  const name = words.split('"')[1];
  expect(error.message).toContain((correctMethods[method].params.shape[name] as z.ZodType).description);
});

test("steps compose inside one room, each on the axis the one before left", () => {
  const kernels = twinKernels();
  const steps = [
    step("keep", { ranges: [[1520, 1740]] }),
    step("smooth", { edges: "trim" }),
    step("baseline-rubberband"),
    step("derivative"),
  ];
  let at: Float64Array = axis;
  let values = kernels.float32(3 * axis.length);
  values.set(golden.y.flat());
  for (const one of steps) {
    const prepared = prepareCorrect(one, at, kernels);
    const out = kernels.float32(3 * prepared.wavenumbers.length);
    prepared.apply!(values, 3, out);
    values = out;
    at = prepared.wavenumbers;
  }
  expect(at.length).toBe(golden.x.filter((x) => x >= 1520 && x <= 1740).length - 8);
  expect(values.every(Number.isFinite)).toBe(true);
});

test("every method's parameters can be written as a JSON Schema", () => {
  for (const [name, { params }] of Object.entries(correctMethods)) {
    expect(z.toJSONSchema(params, { io: "input" }), name).toMatchObject({
      type: "object",
      additionalProperties: false,
    });
  }
});
