import { expect, test } from "vitest";
import { bagCoverage, normal, pixelCoverage } from "../../bench/coverage.js";

/** Cohorts a figure: a coverage of 0.95 has a standard error of 0.010, which is allowed beside 0.92 and 0.98. */
const COHORTS = 500;
const ERROR = 0.01;

test("the normal distribution of the simulation is the table's", () => {
  expect([normal(0), normal(1.959963984540054), normal(-1)]).toEqual([
    0.5,
    expect.closeTo(0.975, 9),
    expect.closeTo(0.158655254, 9),
  ]);
});

for (const patients of [10, 22, 60]) {
  test(`95 % intervals of the AUC of ${patients} patients hold the truth in 92 to 98 of 100 cohorts`, () => {
    for (const shift of [1.5, 4.5]) {
      for (const oneClass of [false, true]) {
        const { auc } = pixelCoverage({ patients, shift, oneClass }, COHORTS);
        expect(auc, `shift ${shift}, one class ${oneClass}`).toBeGreaterThanOrEqual(0.92 - ERROR);
        expect(auc, `shift ${shift}, one class ${oneClass}`).toBeLessThanOrEqual(0.98 + ERROR);
      }
    }
  });

  test(`and those of the shares of ${patients} patients are never too short`, () => {
    const { accuracy, sensitivity } = pixelCoverage({ patients, shift: 4.5, oneClass: true }, COHORTS / 2);
    expect(Math.min(accuracy, sensitivity)).toBeGreaterThanOrEqual(0.92 - ERROR);
    const bags = bagCoverage(patients, COHORTS);
    expect(bags.accuracy).toBeGreaterThanOrEqual(0.92 - ERROR);
    expect(bags.accuracy).toBeLessThanOrEqual(0.98 + ERROR);
    expect(Math.min(bags.recall, bags.auc)).toBeGreaterThanOrEqual(0.92 - ERROR);
  });
}
