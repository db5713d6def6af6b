import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calibration } from "#classify/calibration";
import { applyTemperature, fitTemperature } from "#classify/temperature";
import { random } from "#cube/random";

/** Rows of two classes whose class is drawn by a probability, and what a forest would say that halves every logit. */
function timid(rows: number) {
  const stream = random(1);
  const probabilities = new Float32Array(2 * rows);
  const truth = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const logit = 3 * stream.normal();
    truth[row] = stream.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    probabilities[2 * row + 1] = 1 / (1 + Math.exp(-logit / 2));
    probabilities[2 * row] = 1 - probabilities[2 * row + 1];
  }
  return { probabilities, truth, classes: 2 };
}

describe("the temperature of a forest", () => {
  const of = timid(20_000);

  test("undoes what made it timid: logits that were halved are doubled", () => {
    // The standard error of the slope of 20,000 such rows is 0.03; the floor of a thousandth moves less.
    const { exponent, floor } = fitTemperature({ ...of, trees: 500, units: 1e6 })!;
    expect(floor).toBe(0.001);
    expect(Math.abs(exponent - 2)).toBeLessThan(0.1);
  });

  test("brings the calibration error near zero on rows that it was not fitted on", () => {
    const half = of.truth.length / 2;
    const part = (from: number) => ({
      probabilities: of.probabilities.slice(2 * from, 2 * (from + half)),
      truth: of.truth.slice(from, from + half),
      classes: 2,
    });
    const [learned, held] = [part(0), part(half)];
    const error = (probabilities: Float32Array) =>
      calibration({
        count: half,
        classNames: ["a", "b"],
        probabilities,
        truth: held.truth,
        patient: new Int32Array(half),
        core: new Int32Array(half),
      }).expectedError;
    const made = held.probabilities.slice();
    applyTemperature(made, half, 2, fitTemperature({ ...learned, trees: 500, units: 1e6 })!);
    expect(error(held.probabilities)).toBeGreaterThan(0.08);
    expect(error(made)).toBeLessThan(0.015);
  });

  test("moves little on the word of few patients", () => {
    const many = fitTemperature({ ...of, trees: 500, units: 100 })!.exponent;
    const few = fitTemperature({ ...of, trees: 500, units: 3 })!.exponent;
    expect(few).toBeGreaterThan(1);
    expect(few).toBeLessThan(many);
  });

  test("leaves the most probable class, and rows that sum to 1", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 3, maxLength: 3 }),
        fc.double({ min: 0.25, max: 4, noNaN: true }),
        (row, exponent) => {
          const total = row.reduce((sum, p) => sum + p, 0) || 1;
          const before = Float32Array.from(row, (p) => p / total);
          const after = before.slice();
          applyTemperature(after, 1, 3, { exponent, floor: 0.0025 });
          expect(after[0] + after[1] + after[2]).toBeCloseTo(1, 6);
          // Shares that differ in the last bits of float32 may become equal.
          const best = before.indexOf(Math.max(...before));
          expect(after[best]).toBeGreaterThanOrEqual(Math.max(...after) - 1e-6);
        },
      ),
    );
  });

  test("of no rows is none", () => {
    const nothing = { probabilities: new Float32Array(0), truth: [], classes: 2, trees: 10, units: 0 };
    expect(fitTemperature(nothing)).toBeUndefined();
  });
});
