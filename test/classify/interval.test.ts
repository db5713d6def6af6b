import { expect, test } from "vitest";
import { areaInterval } from "#classify/interval";
import { wilsonAt } from "#classify/wilson";

test("an area whose whole loss is in one patient is not said to be unknown", () => {
  // Of 59 patients, 26 of the rarer side, one alone has pairs in the wrong order.
  const left = new Float64Array(59).fill(0.9969);
  left[7] = 1;
  const [low, high] = areaInterval(0.997, left, { patients: 26, cohort: 59 })!;
  expect(low).toBeGreaterThan(0.8);
  expect(low).toBeGreaterThan(wilsonAt(0.997, 26, 2.1)[0]);
  expect(low).toBeLessThan(0.997);
  expect(high).toBeGreaterThan(0.997);
});

test("an area that many patients move has the interval of the jackknife", () => {
  const left = Float64Array.from({ length: 59 }, (_, p) => 0.8 + 0.004 * Math.sin(p));
  const [low, high] = areaInterval(0.8, left, { patients: 26, cohort: 59 })!;
  expect(low).toBeGreaterThan(0.75);
  expect(high).toBeLessThan(0.85);
});
