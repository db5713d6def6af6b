import { describe, expect, test } from "vitest";
import { patientBootstrap, percentileInterval } from "#classify/bootstrap";
import { calibration } from "#classify/calibration";
import { confusionPixels, confusionRows, confusionUnits, predictedClasses } from "#classify/confusion";
import { score } from "#classify/score";
import { golden, goldenPredictions, madeUp, predictionsOf } from "./predictions.js";

const close = (found: (number | null)[], expected: number[]) => {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
};

describe("against scikit-learn", () => {
  const found = score(goldenPredictions, { seed: 1, draws: 50 });

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
    expect(confusionRows(pixels, 4)).toEqual(golden.confusion);
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

describe("the patient bootstrap", () => {
  test("of 40 patients with a pixel each has the interval of the binomial", () => {
    const rows = Array.from({ length: 40 }, (_, patient) => {
      const right = patient < 30;
      const truth = patient % 2;
      return [truth, patient, patient, right === (truth === 0) ? 1 : 0, right === (truth === 1) ? 1 : 0];
    });
    const { accuracy } = score(predictionsOf(["a", "b"], rows), { seed: 4, draws: 4000 });
    expect(accuracy.value).toBe(0.75);
    // The quantiles are multiples of a fortieth; 4000 draws may miss by one.
    const [low, high] = accuracy.interval!;
    expect(Math.abs(low - golden.binomialInterval[0])).toBeLessThan(0.026);
    expect(Math.abs(high - golden.binomialInterval[1])).toBeLessThan(0.026);
  });

  test("covers the truth in about 95 of 100 cohorts, though pixels of a patient are alike", () => {
    // Signal 1 and noise 1: AUC Φ(1/√2) in every patient; the spread of patients blurs the pooled one.
    const signal = 1;
    const spread = 0.5;
    // Φ(signal / √(2·(1 + spread²))) = Φ(0.6325) = 0.7365, by numerical table of the normal.
    const truth = 0.7365;
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { interval } = score(madeUp(30, 20, { signal, spread, seed }), { seed, draws: 200 }).auc[1];
      if (interval![0] <= truth && truth <= interval![1]) covered++;
    }
    // Percentile intervals of 30 patients run a little narrow; binomial with 0.95 has a standard deviation of 2.2.
    expect(covered).toBeGreaterThanOrEqual(87);
    expect(covered).toBeLessThanOrEqual(100);
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
    const [one, fifty] = [1, 50].map((pixels) => score(cohort(pixels), { seed: 1, draws: 300 }));
    expect(fifty.accuracy.interval).toEqual(one.accuracy.interval);
    expect(one.accuracy.interval![1] - one.accuracy.interval![0]).toBeGreaterThan(0.3);
  });

  test("draws as many patients as there are, from the seed alone", () => {
    const sums = new Set<number>();
    const measure = (times: Float64Array, out: Float64Array) => {
      sums.add(times.reduce((a, b) => a + b, 0));
      out[0] = times[0];
    };
    const draw = (seed: number) => patientBootstrap(7, 1, measure, { draws: 200, seed })[0];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect([...sums]).toEqual([7]);
    // Each patient is drawn once on average: Poisson, standard error 0.07.
    expect(Math.abs(draw(1).reduce((a, b) => a + b, 0) / 200 - 1)).toBeLessThan(0.3);
  });

  test("an interval is the central 95 %, and undefined when half of the draws gave nothing", () => {
    const values = Float64Array.from({ length: 1001 }, (_, i) => (i * 8) % 1001);
    expect(percentileInterval(values)).toEqual([25, 975]);
    expect(percentileInterval(Float64Array.of(1, Number.NaN, Number.NaN))).toBeUndefined();
    expect(percentileInterval(Float64Array.of(1, 1, Number.NaN))).toEqual([1, 1]);
    expect(percentileInterval(new Float64Array(0))).toBeUndefined();
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
    expect(score(reversed, { seed: 3, draws: 60 })).toEqual(
      score({ count, probabilities, truth, patient, core, classNames }, { seed: 3, draws: 60 }),
    );
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
    const found = score(predictionsOf(names, rows), { seed: 1 });
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
    const { accuracy } = score(predictionsOf(names, rows), { seed: 1 });
    expect(accuracy.interval).toBeUndefined();
    expect(accuracy.reason).toBe("no interval: it rests on 2 patients, fewer than 3");
  });

  test("a class nobody has, and probabilities that are not numbers", () => {
    const missing = score(predictionsOf(names, rows.slice(0, 4)), { seed: 1 });
    expect(missing.auc[2].reason).toBe('no pixel is labelled "blood"');
    const broken = score(predictionsOf(names, [...rows, [0, 2, 2, Number.NaN, 0, 0]]), { seed: 1 });
    expect([broken.accuracy.value, broken.auc[0].value, broken.specificity[1].value]).toEqual([null, null, null]);
    expect(broken.macroAuc.reason).toBe("1 of 18 probabilities are not numbers");
    expect(score(madeUp(5, 4), { seed: 1, draws: 0 }).accuracy.reason).toBe("no interval: no draws were asked for");
  });

  test("arrays that do not fit, a class that does not exist, no rows and a row without patient are refused", () => {
    const good = predictionsOf(names, rows);
    expect(() => score({ ...good, core: new Int32Array(2) }, { seed: 1 })).toThrow(/and 2 cores/);
    expect(() => score({ ...good, truth: Uint8Array.of(0, 1, 2, 3, 0) }, { seed: 1 })).toThrow(/row 3 has class 3/);
    expect(() => score(predictionsOf(names, []), { seed: 1 })).toThrow("no labelled pixels to validate on");
    expect(() => score({ ...good, patient: Int32Array.of(0, 1, -1, 0, 0) }, { seed: 1 })).toThrow(
      /row 2 has no patient/,
    );
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
    expect(confusionRows(confusionUnits(truth, predicted, core, 2), 2)).toEqual([
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
