import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ascendingOrder } from "#classify/ascending";
import { auc, classAuc, macroAuc } from "#classify/auc";
import { concordance, resampledAuc } from "#classify/concordance";
import { rocCurve } from "#classify/roc";
import { golden, goldenPredictions, madeUp, predictionsOf } from "./predictions.js";

/** Scores of a few values, so that they tie, with zeros of both signs and infinities, and whether each is positive. */
const scored = fc.array(
  fc.tuple(fc.constantFrom(-1 / 0, -2.5, -1e-30, -0, 0, 0.25, 0.5, 1, 3e38, 1 / 0), fc.boolean(), fc.nat({ max: 4 })),
  { minLength: 2, maxLength: 60 },
);

const columns = (rows: [number, boolean, number][]) => ({
  scores: Float32Array.from(rows, ([score]) => score),
  positive: rows.map(([, positive]) => positive),
  patient: Int32Array.from(rows, ([, , patient]) => patient),
});

/** The definition: every pair of a positive and a negative, a tie one half. */
function byPairs(
  scores: Float32Array,
  positive: boolean[],
  weight: (a: number, b: number) => number = () => 1,
): number {
  let ordered = 0;
  let pairs = 0;
  for (let a = 0; a < scores.length; a++) {
    for (let b = 0; b < scores.length; b++) {
      if (!positive[a] || positive[b]) continue;
      pairs += weight(a, b);
      ordered += weight(a, b) * (scores[a] > scores[b] ? 1 : scores[a] === scores[b] ? 0.5 : 0);
    }
  }
  return ordered / pairs;
}

test("scores in ascending order are what a stable sort gives", () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { maxLength: 200 }), (values) => {
      const scores = Float32Array.from(values);
      const expected = [...scores.keys()].sort((a, b) => (scores[a] < scores[b] ? -1 : scores[a] > scores[b] ? 1 : 0));
      expect([...ascendingOrder(scores)]).toEqual(expected);
    }),
  );
});

describe("AUC", () => {
  test("agrees with scikit-learn where many scores tie", () => {
    for (const [k, value] of golden.auc.entries()) {
      // A quotient of whole and half numbers, exact but for the division.
      expect(classAuc(goldenPredictions, k).value).toBeCloseTo(value, 13);
    }
    const mean = golden.auc.reduce((sum: number, value: number) => sum + value, 0) / 4;
    expect(macroAuc(goldenPredictions)).toBeCloseTo(mean, 13);
    expect(macroAuc(goldenPredictions, [1, 2, 3])).toBeCloseTo(golden.auc[0], 13);
    expect(macroAuc(goldenPredictions, [0, 1, 2, 3])).toBeNull();
  });

  test("is the share of pairs in the right order, a tie one half", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const { scores, positive } = columns(rows);
        const expected = byPairs(scores, positive);
        const { value } = auc(scores, positive);
        if (Number.isNaN(expected)) expect(value).toBeNull();
        else expect(value).toBeCloseTo(expected, 12);
      }),
    );
  });

  test("of scores that are all the same is one half, of scores in order one, and the other way round nought", () => {
    expect(auc(Float32Array.of(2, 2, 2), [1, 0, 0]).value).toBe(0.5);
    expect(auc(Float32Array.of(3, 1, 2), [1, 0, 0]).value).toBe(1);
    expect(auc(Float32Array.of(0, 1, 2), [1, 0, 0]).value).toBe(0);
  });

  test("without one of the sides, or with a score that is not a number, is null with the reason", () => {
    expect(auc(Float32Array.of(1, 2), [0, 0])).toEqual({
      value: null,
      unit: "1",
      reason: "there is no pixel of the class",
    });
    expect(auc(Float32Array.of(1, 2), [1, 1]).reason).toBe("there is no pixel of another class");
    expect(auc(Float32Array.of(1, Number.NaN), [1, 0]).reason).toBe("the score of row 1 is not a number");
  });
});

describe("concordance by patient", () => {
  test("gives the AUC of any resampling of the patients as scikit-learn does with weights", () => {
    for (let k = 0; k < 4; k++) {
      const scores = Float32Array.from(
        { length: goldenPredictions.count },
        (_, row) => goldenPredictions.probabilities[4 * row + k],
      );
      const of = concordance(scores, goldenPredictions.truth, k, goldenPredictions.patient, 12);
      for (const [draw, times] of golden.times.entries()) {
        expect(resampledAuc(of, Float64Array.from(times))).toBeCloseTo(golden.resampledAuc[draw][k], 12);
      }
    }
  });

  test("is what counting every pair anew gives, ties and all", () => {
    fc.assert(
      fc.property(scored, fc.array(fc.nat({ max: 3 }), { minLength: 5, maxLength: 5 }), (rows, times) => {
        const { scores, positive, patient } = columns(rows);
        const truth = positive.map((is) => (is ? 1 : 0));
        const of = concordance(scores, truth, 1, patient, 5);
        const expected = byPairs(scores, positive, (a, b) => times[patient[a]] * times[patient[b]]);
        const value = resampledAuc(of, Float64Array.from(times));
        if (Number.isNaN(expected)) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe("ROC curve", () => {
  const three = predictionsOf(
    ["a", "b"],
    [
      [0, 0, 0, 0.9, 0.1],
      [1, 0, 0, 0.5, 0.5],
      [0, 0, 0, 0.5, 0.5],
      [1, 0, 0, 0.2, 0.8],
    ],
  );

  test("steps up for the class and right for the others, slanting through a tie", () => {
    expect(rocCurve(three, 0)).toEqual({ name: "a", falsePositive: [0, 0, 0.5, 1], truePositive: [0, 0.5, 1, 1] });
  });

  test("encloses the AUC when it is short enough to be kept whole", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const few = rows.slice(0, 40);
        const predictions = predictionsOf(
          ["a", "b"],
          few.map(([score, positive]) => [positive ? 0 : 1, 0, 0, score, 0]),
        );
        const curve = rocCurve(predictions, 0);
        const { value } = classAuc(predictions, 0);
        if (value === null) {
          expect(curve).toBeUndefined();
          return;
        }
        const { falsePositive: x, truePositive: y } = curve!;
        let area = 0;
        for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
        // A step of a hundredth of the way or less may be left out where one side is very short.
        expect(Math.abs(area - value)).toBeLessThan(0.01);
      }),
    );
  });

  test("of thousands of pixels has at most 101 points, rises, and keeps the area to a hundredth", () => {
    const predictions = madeUp(10, 400);
    const { falsePositive: x, truePositive: y } = rocCurve(predictions, 1)!;
    expect(x.length).toBeGreaterThan(80);
    expect(x.length).toBeLessThanOrEqual(101);
    expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
    let area = 0;
    for (let i = 1; i < x.length; i++) {
      expect(x[i]).toBeGreaterThanOrEqual(x[i - 1]);
      expect(y[i]).toBeGreaterThanOrEqual(y[i - 1]);
      area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
    }
    expect(Math.abs(area - classAuc(predictions, 1).value!)).toBeLessThan(0.01);
  });

  test("is undefined without a pixel of the class or of another, or with a score that is not a number", () => {
    expect(rocCurve(predictionsOf(["a", "b"], [[0, 0, 0, 1, 0]]), 0)).toBeUndefined();
    expect(rocCurve(predictionsOf(["a", "b"], [[0, 0, 0, 1, 0]]), 1)).toBeUndefined();
    const broken = { ...three, probabilities: three.probabilities.map((p, i) => (i === 2 ? Number.NaN : p)) };
    expect(rocCurve(broken, 0)).toBeUndefined();
  });
});
