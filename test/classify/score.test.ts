import { describe, expect, test } from "vitest";
import { classAuc } from "#classify/auc";
import { calibration } from "#classify/calibration";
import { confusionPixels, confusionUnits, predictedClasses } from "#classify/confusion";
import { selectRows } from "#classify/rows";
import { score } from "#classify/score";
import { golden, goldenPredictions, madeUp, predictionsOf } from "./predictions.js";

const close = (found: (number | null)[], expected: number[]) => {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
};

describe("against scikit-learn", () => {
  const found = score(goldenPredictions);

  test("accuracy, balanced accuracy, sensitivity, specificity and AUC agree", () => {
    close([found.accuracy.value, found.balancedAccuracy.value], [golden.accuracy, golden.balancedAccuracy]);
    close(
      found.sensitivity.map(({ value }) => value),
      golden.sensitivity,
    );
    close(
      found.specificity.map(({ value }) => value),
      golden.specificity,
    );
    close(
      found.auc.map(({ value }) => value),
      golden.auc,
    );
    expect(found.macroAuc.value).toBeCloseTo(golden.auc.reduce((a: number, b: number) => a + b, 0) / 4, 12);
  });

  test("the confusion of pixels agrees", () => {
    const pixels = confusionPixels(goldenPredictions.truth, predictedClasses(goldenPredictions), 4);
    expect(pixels).toEqual(golden.confusion);
  });

  test("Brier score and reliability agree", () => {
    const { bins, brier, expectedError } = calibration(goldenPredictions);
    expect(brier).toBeCloseTo(golden.brier, 12);
    close(
      bins.map(({ observed }) => observed),
      golden.calibration.observed,
    );
    close(
      bins.map(({ predicted }) => predicted),
      golden.calibration.predicted,
    );
    const pixels = bins.reduce((sum, bin) => sum + bin.pixels, 0);
    expect(pixels).toBe(300);
    const distance = bins.reduce((sum, bin) => sum + bin.pixels * Math.abs(bin.observed - bin.predicted), 0);
    expect(expectedError).toBeCloseTo(distance / 300, 12);
  });

  test("each figure says what it rests on, and its interval holds it", () => {
    expect(found.counts).toEqual({ pixels: 300, cores: 12, patients: 12 });
    const blood = golden.truth.filter((k: number) => k === 3).length;
    expect(found.auc[3].counts?.pixels).toBe(blood);
    expect(found.specificity[3].counts?.pixels).toBe(300 - blood);
    for (const figure of [found.accuracy, found.macroAuc, ...found.auc, ...found.sensitivity, ...found.specificity]) {
      const [low, high] = figure.interval!;
      expect(low).toBeLessThan(figure.value!);
      expect(high).toBeGreaterThan(figure.value!);
    }
  });
});

describe("an interval by patient", () => {
  test("of 40 patients with a pixel each is near that of the binomial", () => {
    const rows = Array.from({ length: 40 }, (_, patient) => {
      const right = patient < 30;
      const truth = patient % 2;
      return [truth, patient, patient, right === (truth === 0) ? 1 : 0, right === (truth === 1) ? 1 : 0];
    });
    const { accuracy } = score(predictionsOf(["a", "b"], rows));
    expect(accuracy.value).toBe(0.75);
    // Wilson's is not symmetric as the binomial's quantiles are: an eighth of a tenth is between them.
    const [low, high] = accuracy.interval!;
    expect(Math.abs(low - golden.binomialInterval[0])).toBeLessThan(0.026);
    expect(Math.abs(high - golden.binomialInterval[1])).toBeLessThan(0.026);
  });

  test("is the same whether a patient has one pixel or fifty that are alike", () => {
    const cohort = (pixels: number) =>
      predictionsOf(
        ["a", "b"],
        Array.from({ length: 12 * pixels }, (_, row) => {
          const patient = Math.floor(row / pixels);
          return [patient % 2, patient, patient, patient % 4 ? 0.2 : 0.8, patient % 4 ? 0.8 : 0.2];
        }),
      );
    const [one, fifty] = [1, 50].map((pixels) => score(cohort(pixels)));
    for (const end of [0, 1]) expect(fifty.accuracy.interval![end]).toBeCloseTo(one.accuracy.interval![end], 12);
    expect(one.accuracy.interval![1] - one.accuracy.interval![0]).toBeGreaterThan(0.3);
  });

  test("of perfect scores is Wilson's for all of so many patients, and never of no width", () => {
    const perfect = (patients: number) => score(madeUp(patients, 20, { signal: 1000 }));
    // 10 of 10: 1 / (1 + 1.96² / 10) = 0.7225.
    for (const { value, interval } of [perfect(10).macroAuc, perfect(10).accuracy, perfect(10).auc[0]]) {
      expect(value).toBe(1);
      expect(interval![0]).toBeCloseTo(0.7225, 4);
      expect(interval![1]).toBe(1);
    }
  });

  test("of five to nine patients is said to be unreliable, and none is given of fewer or of one class each", () => {
    const of = (patients: number) => score(madeUp(patients, 20, { spread: 0.5 })).macroAuc;
    expect(of(4).interval).toBeUndefined();
    expect(of(4).reason).toBe("no interval: it rests on 4 patients, fewer than 5");
    expect(of(7).interval).toBeDefined();
    expect(of(7).reason).toBe("the interval is unreliable: it rests on 7 patients, fewer than 10");
    expect(of(10).reason).toBeUndefined();
    const single = (patients: number) => {
      const rows = Array.from({ length: patients * 20 }, (_, row) => {
        const patient = Math.floor(row / 20);
        const p = ((row * 7) % 20) / 40 + (patient % 2) * 0.3;
        return [patient % 2, patient, patient, 1 - p, p];
      });
      return score(predictionsOf(["a", "b"], rows)).macroAuc;
    };
    expect(single(9).interval).toBeUndefined();
    expect(single(12).interval).toBeDefined();
  });

  test("is what the jackknife of the definition gives: on the logit, with Student's t", () => {
    const made = madeUp(12, 20, { spread: 0.7, seed: 5 });
    const logits = Array.from({ length: 12 }, (_, left) => {
      const rows = [...made.patient.keys()].filter((row) => made.patient[row] !== left);
      const value = classAuc(selectRows(made, rows), 1).value!;
      return Math.log(value / (1 - value));
    });
    const mean = logits.reduce((a, b) => a + b) / 12;
    const error = Math.sqrt((11 / 12) * logits.reduce((sum, z) => sum + (z - mean) ** 2, 0));
    const { value, interval } = score(made).auc[1];
    const middle = Math.log(value! / (1 - value!));
    // Student's t with 11 degrees of freedom leaves 2.5 % above 2.200985 (any table).
    for (const [end, sign] of [-1, 1].entries()) {
      expect(interval![end]).toBeCloseTo(1 / (1 + Math.exp(-(middle + sign * 2.200985 * error))), 6);
    }
  });

  test("does not depend on the order of the rows", () => {
    const { count, probabilities, truth, patient, core, classNames } = madeUp(5, 8, { spread: 1 });
    const back = [...Array(count).keys()].reverse();
    const reversed = {
      count,
      classNames,
      probabilities: Float32Array.from(back.flatMap((row) => [probabilities[2 * row], probabilities[2 * row + 1]])),
      truth: Uint8Array.from(back, (row) => truth[row]),
      patient: Int32Array.from(back, (row) => patient[row]),
      core: Int32Array.from(back, (row) => core[row]),
    };
    expect(score(reversed)).toEqual(score({ count, probabilities, truth, patient, core, classNames }));
  });
});

describe("what cannot be had is null with the reason", () => {
  const rows = [
    [0, 0, 0, 0.8, 0.1, 0.1],
    [0, 1, 1, 0.6, 0.3, 0.1],
    [1, 0, 0, 0.2, 0.7, 0.1],
    [1, 1, 1, 0.6, 0.3, 0.1],
    [2, 1, 1, 0.1, 0.1, 0.8],
  ];
  const names = ["cancer", "stroma", "blood"];

  test("a class of one patient has no figures, and the means leave it out by name", () => {
    const found = score(predictionsOf(names, rows));
    expect(found.auc[2]).toEqual({
      value: null,
      unit: "1",
      counts: { pixels: 1, cores: 1, patients: 1 },
      reason: '"blood" could not be tested on a patient it was not learned from: it is in 1 patient only',
    });
    expect(found.sensitivity[2].value).toBeNull();
    expect(found.macroAuc.value).toBe((found.auc[0].value! + found.auc[1].value!) / 2);
    expect(found.macroAuc.reason).toMatch(/the mean of 2 of 3 classes, without blood/);
    // Accuracy is of all pixels: 4 of 5.
    expect(found.accuracy.value).toBe(0.8);
  });

  test("two patients give a figure but no interval", () => {
    const { accuracy } = score(predictionsOf(names, rows));
    expect(accuracy.interval).toBeUndefined();
    expect(accuracy.reason).toBe("no interval: it rests on 2 patients, fewer than 5");
  });

  test("a class nobody has, and probabilities that are not numbers", () => {
    const missing = score(predictionsOf(names, rows.slice(0, 4)));
    expect(missing.auc[2].reason).toBe('no pixel is labelled "blood"');
    const broken = score(predictionsOf(names, [...rows, [0, 2, 2, Number.NaN, 0, 0]]));
    expect([broken.accuracy.value, broken.auc[0].value, broken.specificity[1].value]).toEqual([null, null, null]);
    expect(broken.macroAuc.reason).toBe("1 of 18 probabilities are not numbers");
  });

  test("arrays that do not fit, a class that does not exist, no rows and a row without patient are refused", () => {
    const good = predictionsOf(names, rows);
    expect(() => score({ ...good, core: new Int32Array(2) })).toThrow(/and 2 cores/);
    expect(() => score({ ...good, truth: Uint8Array.of(0, 1, 2, 3, 0) })).toThrow(/row 3 has class 3/);
    expect(() => score(predictionsOf(names, []))).toThrow("no labelled pixels to validate on");
    expect(() => score({ ...good, patient: Int32Array.of(0, 1, -1, 0, 0) })).toThrow(/row 2 has no patient/);
  });
});

describe("confusion", () => {
  test("a tie goes to the class named first, and NaN is refused by name", () => {
    expect([
      ...predictedClasses(
        predictionsOf(
          ["a", "b"],
          [
            [0, 0, 0, 0.5, 0.5],
            [0, 0, 0, 0.4, 0.6],
          ],
        ),
      ),
    ]).toEqual([0, 1]);
    expect(() => predictedClasses(predictionsOf(["a", "b"], [[0, 0, 0, 1, Number.NaN]]))).toThrow(
      'the probability of "b" in row 0 is not a number',
    );
  });

  test("a core counts once a true class, under what most of its pixels of that class were taken for", () => {
    // Core 0: three pixels of class 0 taken for 1, 1, 0; one of class 1 taken for 0. Core 1: two of class 1, a tie.
    const truth = [0, 0, 0, 1, 1, 1];
    const predicted = [1, 1, 0, 0, 1, 0];
    const core = [0, 0, 0, 0, 1, 1];
    expect(confusionUnits(truth, predicted, core, 2)).toEqual([
      [0, 1],
      [2, 0],
    ]);
  });
});

test("a probability at the edge of two bins of the calibration belongs to the lower", () => {
  const { bins } = calibration(
    predictionsOf(
      ["a", "b"],
      [
        [0, 0, 0, 0.5, 0.5],
        [0, 0, 0, 1, 0],
        [1, 0, 0, 0.75, 0.25],
      ],
    ),
  );
  expect(bins).toEqual([
    { predicted: 0.5, observed: 1, pixels: 1 },
    { predicted: 0.75, observed: 0, pixels: 1 },
    { predicted: 1, observed: 1, pixels: 1 },
  ]);
});
