import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auc } from "#classify/auc";
import { bagFolds, innerPatients } from "#classify/bag-folds";
import { binaryScores, scoreNames } from "#classify/binary-scores";
import { chooseThreshold } from "#classify/choose-threshold";
import { decideBag, indeterminateBand } from "#classify/decide-bag";
import { foldsCsv, parseFolds } from "#classify/fold-file";
import { applyFusion, fuse } from "#classify/fuse";
import { judgeMethod } from "#classify/judge-method";
import { nullTest } from "#classify/null-test";
import { permutationSummary } from "#classify/permute";
import { permuteBagLabels } from "#classify/permute-bags";
import { calibrate, platt } from "#classify/platt";
import { wilson } from "#classify/wilson";
import { random } from "#cube/random";
import { bandErrors } from "../../bench/band.js";

/** Made by golden/study.py with scikit-learn, scipy and numpy. */
const golden = JSON.parse(readFileSync(new URL("./golden/study.golden.json", import.meta.url), "utf8"));

const cohort = fc
  .record({
    positives: fc.integer({ min: 5, max: 30 }),
    negatives: fc.integer({ min: 5, max: 30 }),
    twice: fc.integer({ min: 0, max: 4 }),
    folds: fc.integer({ min: 2, max: 5 }),
    seed: fc.integer(),
  })
  .map(({ positives, negatives, twice, folds, seed }) => {
    const patient = Int32Array.from([...Array(positives + negatives).keys(), ...Array(twice).keys()]);
    return { patient, label: Uint8Array.from(patient, (p) => (p < positives ? 1 : 0)), positives, folds, seed };
  });

describe("folds of bags", () => {
  test("hold every patient once, and positive and negative ones in even shares", () => {
    fc.assert(
      fc.property(cohort, ({ patient, label, positives, folds, seed }) => {
        const fold = bagFolds({ patient, label, folds, seed });
        const count = (wanted: (p: number) => boolean) =>
          Array.from({ length: folds }, (_, f) => [...fold.keys()].filter((p) => fold[p] === f && wanted(p)).length);
        for (const sizes of [count((p) => p < positives), count((p) => p >= positives), count(() => true)]) {
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("are the same bytes for the same seed, and come back from their file", () => {
    fc.assert(
      fc.property(cohort, ({ patient, label, folds, seed }) => {
        const names = Array.from({ length: Math.max(...patient) + 1 }, (_, p) => `D, "${p}"`);
        const deal = () => [{ seed: 101, fold: bagFolds({ patient, label, folds, seed }) }];
        const csv = foldsCsv(deal(), names);
        expect(foldsCsv(deal(), names)).toBe(csv);
        expect(parseFolds(csv, names, "folds.csv")).toEqual(deal());
      }),
      { numRuns: 20 },
    );
  });

  test("of a file that does not fit the study are refused, with what is wrong", () => {
    const names = ["a", "b", "c"];
    const refused = (rows: string) => () => parseFolds(`repeat,fold,patient\n${rows}`, names, "folds.csv");
    expect(refused("101,1,a\n101,2,b\n101,1,c\n101,2,a")).toThrow('patient "a" is in two folds of repeat 101');
    expect(refused("101,1,a\n101,2,b")).toThrow('patient "c" is in no fold of repeat 101');
    expect(refused("101,1,a\n101,2,b\n101,1,z")).toThrow('patient "z" is not among the bags');
    expect(refused("101,1,a\n101,3,b\n101,1,c")).toThrow("fold 2 of repeat 101 is empty");
    expect(() => parseFolds("a,b\n", names, "folds.csv")).toThrow('no column "repeat"');
  });

  test("are refused where there are too few patients of a label, or one label only", () => {
    const patient = Int32Array.from([0, 1, 2, 3, 4, 5]);
    const bags = { patient, label: Uint8Array.from([1, 1, 0, 0, 0, 0]), seed: 1 };
    expect(() => bagFolds({ ...bags, folds: 3 })).toThrow("ask for 2 folds at the most");
    expect(() => bagFolds({ ...bags, label: new Uint8Array(6).fill(1), folds: 2 })).toThrow("all bags are positive");
  });

  test("leave inner patients of either label on both sides", () => {
    fc.assert(
      fc.property(cohort, ({ patient, label, positives, seed }) => {
        const bags = [...patient.keys()];
        const inner = innerPatients({ patient, label, bags, share: 0.2, seed });
        for (const side of [true, false]) {
          const own = [...new Set(patient)].filter((p) => inner.has(p) === side);
          expect(own.some((p) => p < positives) && own.some((p) => p >= positives)).toBe(true);
        }
      }),
    );
  });
});

test("Wilson's interval of 58 in 61 is 0.865 to 0.983, and that of all in 32 begins at 0.893", () => {
  const [low, high] = wilson(58, 61)!;
  expect([low.toFixed(3), high.toFixed(3)]).toEqual(["0.865", "0.983"]);
  expect(wilson(32, 32)![0].toFixed(3)).toBe("0.893");
  expect(wilson(32, 32)![1]).toBe(1);
  expect(wilson(0, 0)).toBeUndefined();
});

describe("scores of two classes", () => {
  test("order pairs as Mann and Whitney do, ties counting one half", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.boolean()), { minLength: 2 }), (bags) => {
        const positive = bags.filter(([, sick]) => sick);
        const negative = bags.filter(([, sick]) => !sick);
        let ordered = 0;
        for (const [p] of positive) for (const [q] of negative) ordered += p > q ? 1 : p === q ? 0.5 : 0;
        const found = binaryScores({
          scores: bags.map(([score]) => score),
          labels: bags.map(([, sick]) => Number(sick)),
          called: bags.map(() => true),
        });
        const wanted = ordered / (positive.length * negative.length);
        if (Number.isNaN(wanted)) expect(found.auc).toBeNaN();
        else expect(found.auc).toBeCloseTo(wanted, 12);
      }),
    );
  });

  test("have an AUC equal to balanced accuracy where scores say yes or no, and another one where they do not", () => {
    const labels = [1, 1, 1, 0, 0];
    const hard = [1, 1, 0, 0, 1];
    const binary = binaryScores({ labels, scores: hard, called: hard });
    expect(binary.auc).toBeCloseTo(binary.balancedAccuracy, 12);
    const soft = binaryScores({ labels, scores: [0.9, 0.8, 0.4, 0.1, 0.6], called: hard });
    expect(soft.auc).not.toBeCloseTo(soft.balancedAccuracy, 3);
  });
});

describe("a threshold", () => {
  test("is as good as the best of all", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 2, maxLength: 30 }),
        (bags) => {
          const scores = bags.map(([score]) => score / 10);
          const labels = bags.map(([, sick]) => Number(sick));
          fc.pre(labels.includes(0) && labels.includes(1));
          const at = (t: number) =>
            binaryScores({ labels, scores, called: scores.map((s) => s >= t) }).balancedAccuracy;
          const { threshold, balancedAccuracy } = chooseThreshold(scores, labels);
          const best = Math.max(...[-0.05, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95].map(at));
          // Whatever is chosen has the balanced accuracy that is said, and above chance it is the best that there is.
          expect(at(threshold)).toBeCloseTo(balancedAccuracy!, 12);
          if (best > 0.5) expect(balancedAccuracy).toBeCloseTo(best, 12);
        },
      ),
    );
  });

  test("lies in the middle of the gap between the labels, and is one half where there is nothing to choose by", () => {
    expect(chooseThreshold([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])).toEqual({ threshold: 0.5, balancedAccuracy: 1 });
    expect(chooseThreshold([0.1, 0.2, 0.6], [0, 0, 1])).toEqual({ threshold: 0.4, balancedAccuracy: 1 });
    expect(chooseThreshold([0.3, 0.7], [1, 1])).toEqual({ threshold: 0.5, balancedAccuracy: null });
    expect(chooseThreshold([0.3, 0.3], [0, 1])).toEqual({ threshold: 0.5, balancedAccuracy: 0.5 });
  });

  test("lies in the widest of the gaps that are equally good, however sums of shares are rounded", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.boolean()), { minLength: 4, maxLength: 25 }),
        (bags) => {
          const scores = bags.map(([score]) => score / 40);
          const labels = bags.map(([, sick]) => Number(sick));
          fc.pre(labels.includes(0) && labels.includes(1));
          const { threshold, balancedAccuracy } = chooseThreshold(scores, labels);
          fc.pre(balancedAccuracy! >= 0.5);
          const sorted = [...new Set(scores)].sort((a, b) => a - b);
          const positives = labels.filter(Boolean).length;
          // Right answers in whole numbers: every positive weighs as many as there are negatives, and the other way round.
          const right = (t: number) =>
            scores.reduce((sum, score, i) => {
              if (score >= t !== Boolean(labels[i])) return sum;
              return sum + (labels[i] ? labels.length - positives : positives);
            }, 0);
          const gaps = sorted.slice(1).map((high, i) => ({ low: sorted[i], high, middle: (sorted[i] + high) / 2 }));
          const own = gaps.find(({ low, high }) => threshold > low && threshold <= high);
          if (!own) return;
          const equal = gaps.filter(({ middle }) => right(middle) === right(threshold));
          const widest = Math.max(...equal.map(({ low, high }) => high - low));
          expect(own.high - own.low).toBe(widest);
        },
      ),
      { numRuns: 3000, seed: 7 },
    );
  });

  test("between two numbers that are next to each other spares the lower one", () => {
    const next = new Float64Array([0.3]);
    new BigUint64Array(next.buffer)[0]++;
    for (const [low, high] of [
      [0.3, next[0]],
      [0.25, 0.25 + 2 ** -54],
    ]) {
      const { threshold, balancedAccuracy } = chooseThreshold([low, high], [0, 1]);
      expect(threshold).toBeGreaterThan(low);
      expect(balancedAccuracy).toBe(1);
    }
  });

  test("of reversed scores is one half, with the balanced accuracy that it has there, and one of no number is refused", () => {
    expect(chooseThreshold([0.1, 0.9], [1, 0])).toEqual({ threshold: 0.5, balancedAccuracy: 0 });
    expect(chooseThreshold([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0])).toEqual({ threshold: 0.5, balancedAccuracy: 0 });
    expect(() => chooseThreshold([0.1, Number.NaN], [1, 0])).toThrow("score 1 is not a number");
    expect(() => decideBag(Number.NaN, [0.4, 0.6])).toThrow("is not a number");
  });

  const rising = (count: number, label: number, from: number, to: number) =>
    Array.from({ length: count }, (_, i) => [from + ((to - from) * i) / (count - 1), label]);
  const bandOf = (bags: number[][], threshold: number) =>
    indeterminateBand(
      bags.map(([score]) => score),
      bags.map(([, label]) => label),
      threshold,
    );

  test("has no band around it where 20 bags on either side are right, and one where they overlap", () => {
    const apart = bandOf([...rising(20, 0, 0, 0.4), ...rising(20, 1, 0.6, 1)], 0.5);
    expect(apart).toEqual([0.5, 0.5]);
    expect([0.49, 0.5].map((score) => decideBag(score, apart))).toEqual(["negative", "positive"]);
    const mixed = bandOf(
      [...rising(20, 0, 0, 0.38), [0.4, 1], [0.41, 1], [0.6, 0], [0.61, 0], ...rising(20, 1, 0.62, 1)],
      0.5,
    );
    // 20 of 21 are right below 0.41, more than 95 %; Wilson's lower limit of that is 0.773.
    expect(mixed[0]).toBe(0.4);
    expect(mixed[1]).toBeCloseTo(0.62, 12);
    expect([0.38, 0.4, 0.5, 0.61, 0.62].map((score) => decideBag(score, mixed))).toEqual([
      "negative",
      "indeterminate",
      "indeterminate",
      "indeterminate",
      "positive",
    ]);
  });

  test("calls nothing by few bags, though all of them are right: a score of exactly 0 or 1 is indeterminate then, too", () => {
    // Wilson's lower limit of 15 in 15 is 0.796, of 16 in 16 0.806.
    expect(bandOf([...rising(15, 0, 0, 0.4), ...rising(16, 1, 0.6, 1)], 0.5)).toEqual([null, 0.5]);
    const none = bandOf([...rising(9, 0, 0, 0.4), ...rising(9, 1, 0.6, 1)], 0.5);
    expect(none).toEqual([null, null]);
    expect([0, 0.9999, 1].map((score) => decideBag(score, none))).toEqual([
      "indeterminate",
      "indeterminate",
      "indeterminate",
    ]);
  });

  test("calls nothing where the scores say nothing, and where it calls it errs in fewer than one in eight", () => {
    for (const bags of [20, 40, 61]) expect(bandErrors({ bags, apart: 0, cohorts: 60 }).called).toBeLessThan(0.01);
    const { called, wrong } = bandErrors({ bags: 61, apart: 2.476, cohorts: 100 });
    expect(called).toBeGreaterThan(0.5);
    expect(wrong).toBeLessThan(0.125);
  });
});

describe("shuffled labels", () => {
  test("keep the bags of a patient together and as many positive patients as before", () => {
    fc.assert(
      fc.property(cohort, ({ patient, label, positives, seed }) => {
        const dealt = permuteBagLabels({ patient, label, seed });
        const own = [...new Set(patient)].map((p) => new Set(dealt.filter((_, bag) => patient[bag] === p)));
        expect(own.every((labels) => labels.size === 1)).toBe(true);
        expect(own.filter((labels) => labels.has(1)).length).toBe(positives);
      }),
    );
  });

  /** Out-of-fold scores of the difference of the two class means, fitted on the training patients of each fold. */
  function outOfFold(rows: number[][], patient: Int32Array, label: Uint8Array, seed: number): Float32Array {
    const fold = bagFolds({ patient, label, folds: 5, seed });
    const scores = new Float32Array(rows.length);
    for (let f = 0; f < 5; f++) {
      const mean = (wanted: number, c: number) => {
        const own = rows.filter((_, bag) => fold[patient[bag]] !== f && label[bag] === wanted);
        return own.reduce((sum, row) => sum + row[c], 0) / own.length;
      };
      const axis = rows[0].map((_, c) => mean(1, c) - mean(0, c));
      for (const [bag, row] of rows.entries()) {
        if (fold[patient[bag]] === f) scores[bag] = row.reduce((sum, value, c) => sum + value * axis[c], 0);
      }
    }
    return scores;
  }

  const patient = Int32Array.from({ length: 60 }, (_, bag) => Math.floor(bag / 2));
  const label = Uint8Array.from(patient, (p) => (p < 17 ? 1 : 0));
  const stream = random("leak");
  const signal = Array.from(label, (sick) => [1.2 * sick + stream.normal(), stream.normal(), stream.normal()]);

  test("give p as one more than reached the figure, over one more than there are, and never below that", () => {
    const even = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
    expect(nullTest(0.612, even)).toMatchObject({ repeats: 99, observed: 0.612, atLeast: 38, p: 0.39, floor: 0.01 });
    expect(nullTest(1, even)).toMatchObject({ atLeast: 0, p: 0.01 });
    // A figure that is equal to a shuffle's is reached by it.
    expect(nullTest(0.99, even)!.p).toBe(0.02);
    expect(nullTest(0.9, [0.4, 0.5, 0.6, 0.5, 0.5, 0.5])).toMatchObject({ p: 1 / 7, floor: 1 / 7 });
    expect(nullTest(0.9, [])).toBeUndefined();
  });

  test("give AUCs whose interval covers one half, though the features tell the true labels", () => {
    const aucs = Array.from({ length: 40 }, (_, i) => {
      const dealt = permuteBagLabels({ patient, label, seed: i });
      return auc(outOfFold(signal, patient, dealt, i), dealt).value!;
    });
    const { interval } = permutationSummary(aucs)!;
    expect(interval[0]).toBeLessThan(0.5);
    expect(interval[1]).toBeGreaterThan(0.5);
    expect(auc(outOfFold(signal, patient, label, 1), label).value).toBeGreaterThan(0.75);
  });

  test("are not needed to see a leak: a feature that names the patient does not help where patients are held out", () => {
    const named = signal.map((row, bag) => [
      row[1],
      row[2],
      ...Array.from({ length: 30 }, (_, p) => (patient[bag] === p ? 5 : 0)),
    ]);
    const without = signal.map((row) => [row[1], row[2]]);
    const [with30, plain] = [named, without].map((rows) => auc(outOfFold(rows, patient, label, 3), label).value!);
    expect(with30).toBeLessThanOrEqual(plain + 0.05);
  });
});

describe("a method is judged as scikit-learn, scipy and numpy judge it:", () => {
  const labels = Uint8Array.from(golden.labels as number[]);
  const repeat = {
    scores: Float64Array.from(golden.scores as number[]),
    thresholds: Float64Array.from(golden.thresholds as number[]),
    fold: Int32Array.from(golden.fold as number[]),
  };
  const input = {
    bagNames: golden.labels.map((_: number, bag: number) => `B${bag}`),
    classNames: ["benign", "malignant"] as [string, string],
    labels,
    patients: Int32Array.from(labels.keys()),
  };
  const judged = judgeMethod({ ...input, outOfFold: { repeats: [repeat] } });

  test("every fold, their mean and sample standard deviation, and all bags together", () => {
    for (const name of scoreNames) {
      for (const [f, of] of judged.perFold.entries()) expect(of[name]).toBeCloseTo(golden.perFold[f][name], 12);
      expect(judged.overFolds[name].mean).toBeCloseTo(golden.mean[name], 12);
      expect(judged.overFolds[name].sd).toBeCloseTo(golden.sd[name], 12);
      expect(judged.pooled[name].value).toBeCloseTo(golden.pooled[name], 12);
    }
  });

  test("the vertical average of the ROC curves", () => {
    for (let i = 0; i <= 100; i++) {
      expect(judged.roc.mean[i]).toBeCloseTo(golden.rocMean[i], 12);
      expect(judged.roc.sd[i]).toBeCloseTo(golden.rocSd[i], 12);
    }
  });

  test("Brier's score, the expected error, and slope and intercept on the logit", () => {
    expect(judged.calibration.brier).toBeCloseTo(golden.brier, 12);
    expect(judged.calibration.expectedError).toBeCloseTo(golden.expectedError, 12);
    // The optimisers stop at gradients of 1e-10 and below.
    expect(judged.calibration.slope).toBeCloseTo(golden.slope, 5);
    expect(judged.calibration.intercept).toBeCloseTo(golden.intercept, 5);
  });

  test("Platt's calibration, which settles where the labels are separated, too", () => {
    const { slope, intercept } = platt(repeat.scores, labels);
    // Its trace of a ridge moves the fifth digit.
    expect(slope).toBeCloseTo(golden.platt[0], 4);
    expect(intercept).toBeCloseTo(golden.platt[1], 4);
    // Reversed, they would tell a lower probability where the answer turns positive: all bags get the one of any bag.
    const reversed = platt([0.1, 0.2, 0.8, 0.9, 0.95], [1, 1, 0, 0, 0]);
    expect(reversed.slope).toBe(0);
    expect(calibrate(0.1, reversed)).toBeCloseTo(3 / 7, 12);
    const separated = platt([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]);
    expect(calibrate(0.9, separated)).toBeGreaterThan(0.5);
    expect(calibrate(0.9, separated)).toBeLessThan(1);
    const made = judgeMethod({
      ...input,
      labels: labels.map((of) => of),
      outOfFold: { repeats: [{ ...repeat, scores: Float64Array.from(labels, (of) => (of ? 0.9 : 0.1)) }] },
    });
    expect(made.calibration.slope).toBeNull();
  });

  test("intervals hold the value, and come from leaving patients out", () => {
    for (const name of scoreNames) {
      const { value, interval } = judged.pooled[name];
      expect(interval![0]).toBeLessThanOrEqual(value!);
      expect(interval![1]).toBeGreaterThanOrEqual(value!);
    }
    expect(judgeMethod({ ...input, outOfFold: { repeats: [repeat] } }).pooled).toEqual(judged.pooled);
  });

  test("a score that is not a number is refused by the name of its bag", () => {
    const scores = repeat.scores.map((score, bag) => (bag === 2 ? Number.NaN : score));
    expect(() => judgeMethod({ ...input, outOfFold: { repeats: [{ ...repeat, scores }] } })).toThrow(
      "the score of B2 is not a number",
    );
  });

  test("where nothing is called positive there is no precision, and it is not 1", () => {
    const high = judgeMethod({
      ...input,
      outOfFold: { repeats: [{ ...repeat, scores: repeat.scores.map((s) => s / 2) }] },
    });
    expect(high.sweep.precision[100]).toEqual({ mean: null, sd: null, folds: 0 });
    expect(high.sweep.recall[100].mean).toBe(0);
  });

  test("scores next to nought and one are said to be saturated", () => {
    const hard = Float64Array.from(repeat.scores, (score) => (score >= 0.5 ? 0.999 : 0.001));
    expect(judgeMethod({ ...input, outOfFold: { repeats: [{ ...repeat, scores: hard }] } }).saturated).toEqual({
      share: 1,
      warning: true,
    });
    expect(judged.saturated.warning).toBe(false);
  });

  test("a patient has the score of the worst of its bags, and is positive when any is", () => {
    const patients = Int32Array.from(labels.keys(), (bag) => Math.floor(bag / 2));
    const byPatient = judgeMethod({ ...input, patients, outOfFold: { repeats: [repeat] } }).byPatient;
    const pairs = Array.from({ length: 30 }, (_, p) => [2 * p, 2 * p + 1]);
    const right = pairs.filter(([a, b]) => {
      const sick = labels[a] || labels[b];
      const called = [a, b].some((bag) => repeat.scores[bag] >= repeat.thresholds[bag]);
      return called === Boolean(sick);
    });
    expect(byPatient.accuracy.value).toBeCloseTo(right.length / 30, 12);
  });

  test("the worst bags are those furthest from the truth", () => {
    const wrong = (bag: number) => Math.abs(labels[bag] - repeat.scores[bag]);
    const worst = judged.worst.map(({ bag }) => Number(bag.slice(1)));
    expect(worst.length).toBe(5);
    const others = [...labels.keys()].filter((bag) => !worst.includes(bag));
    expect(Math.min(...worst.map(wrong))).toBeGreaterThanOrEqual(Math.max(...others.map(wrong)));
  });
});

test("score and tumour share are fused by what tells the labels", () => {
  const stream = random("fuse");
  const labels = Array.from({ length: 80 }, (_, i) => i % 2);
  const telling = labels.map((label) => 1 / (1 + Math.exp(-(3 * label - 1.5 + stream.normal()))));
  const noise = labels.map(() => stream.uniform());
  const fusion = fuse(telling, noise, labels);
  expect(fusion.mil).toBeGreaterThan(5 * Math.abs(fusion.stain));
  const fused = applyFusion(fusion, telling, noise);
  expect(auc(Float32Array.from(fused), labels).value).toBeGreaterThan(0.9);
});
