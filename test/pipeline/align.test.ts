import { expect, test } from "vitest";
import { alignedSteps } from "#pipeline/align";

const axis = (start: number, stop: number, step: number) =>
  Float64Array.from({ length: Math.round((stop - start) / step) + 1 }, (_, i) => start + i * step);
const steps = [{ step: "normalise", method: "vector", params: {} }] as const;

test("a cube on the model's axis goes through the model's steps as they are", () => {
  expect(alignedSteps(steps, axis(900, 1800, 4), axis(900, 1800, 4), "cube.h5")).toEqual({ steps, resampled: false });
});

test("a cube on another axis that covers the model's is resampled first, and not beyond its own ends", () => {
  const { steps: found, resampled } = alignedSteps(steps, axis(900.01, 1805, 5), axis(900, 1800, 4), "cube.h5");
  expect(resampled).toBe(true);
  expect(found[0]).toMatchObject({ step: "correct", method: "resample" });
  expect((found[0].params.axis as number[])[0]).toBe(900.01);
  expect(found.slice(1)).toEqual(steps);
});

test("a cube that does not cover the model's range is refused with both ranges and what to do", () => {
  expect(() => alignedSteps(steps, axis(1000, 1800, 4), axis(900, 1800, 4), "cube.h5")).toThrow(
    /cube\.h5 covers 1000\.0–1800\.0 cm-1, the model needs 900\.0–1800\.0 cm-1; fit a model on the common range/,
  );
});

test("what the pipeline cuts off need not be covered", () => {
  const keep = [{ step: "correct", method: "keep", params: { ranges: [[1000, 1700]] } }, ...steps] as const;
  const { resampled, steps: found } = alignedSteps(keep, axis(950, 1750, 5), axis(900, 1800, 4), "cube.h5");
  expect(resampled).toBe(true);
  const target = found[0].params.axis as number[];
  expect([target[0], target.at(-1)]).toEqual([952, 1748]);
  expect(() => alignedSteps(keep, axis(1004, 1800, 4), axis(900, 1800, 4), "cube.h5")).toThrow(
    /needs 1000\.0–1700\.0 cm-1/,
  );
});
