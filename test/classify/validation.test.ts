import { describe, expect, test } from "vitest";
import { classAuc, macroAuc } from "#classify/auc";
import { nullTest } from "#classify/null-test";
import { checkRepeats, countRows, joinRepeats, selectRows } from "#classify/rows";
import { validation } from "#classify/validation";
import type { Predictions } from "#cube/predictions";
import { madeUp, predictionsOf } from "./predictions.js";

const first = madeUp(8, 30, { seed: 1 });
/** The same pixels predicted by other models. */
const second: Predictions = { ...first, probabilities: madeUp(8, 30, { seed: 2 }).probabilities };
const run = { folds: 4, trees: 10, byPatient: [first, second] };

describe("a validation of two repeats", () => {
  const modes = Array.from({ length: first.count }, (_, row) => (row % 3 === 0 ? "SD" : row % 3 === 1 ? "HD" : ""));
  const found = validation({
    ...run,
    randomSplit: [second],
    modes,
    permutation: nullTest(0.55, [0.4, 0.6]),
    learning: [
      { patients: 3, predictions: first },
      { patients: 6, predictions: predictionsOf(["benign", "cancer"], [[0, 0, 0, 1, 0]]) },
    ],
  });

  test("scores the mean of the repeats and counts every pixel once", () => {
    expect(found.repeats).toBe(2);
    expect(found.byPatient.counts).toEqual({ pixels: 240, cores: 8, patients: 8 });
    // Not the figure of their average, an ensemble that nobody gets.
    const mean = (of: (one: Predictions) => number) => (of(first) + of(second)) / 2;
    expect(found.byPatient.auc[1].value).toBeCloseTo(
      mean((one) => classAuc(one, 1).value!),
      12,
    );
    expect(found.byPatient.macroAuc.value).toBeCloseTo(
      mean((one) => macroAuc(one)!),
      12,
    );
    expect(joinRepeats([first, second]).probabilities[485]).toBe(second.probabilities[5]);
    expect(found.calibration.bins.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(480);
    expect(found.perClass).toEqual([countRows(first, (k) => k === 0), countRows(first, (k) => k === 1)]);
  });

  test("has confusions that add up to the pixels, the cores and the patients of each class", () => {
    const sums = (rows: readonly (readonly number[])[]) => rows.map((row) => row.reduce((a, b) => a + b, 0));
    expect(sums(found.confusion.pixels)).toEqual([120, 120]);
    expect(sums(found.confusion.cores)).toEqual([8, 8]);
    expect(sums(found.confusion.patients)).toEqual([8, 8]);
  });

  test("sets the random split beside, scores each mode by itself, and leaves rows of no mode out", () => {
    expect(found.randomSplit?.auc[1].value).toBe(classAuc(second, 1).value);
    expect(found.byMode?.map(({ mode }) => mode)).toEqual(["HD", "SD"]);
    expect(found.byMode?.map(({ scores }) => scores.counts.pixels)).toEqual([80, 80]);
    const sd = [...modes.keys()].filter((row) => modes[row] === "SD");
    const [a, b] = run.byPatient.map((one) => classAuc(selectRows(one, sd), 1).value!);
    expect(found.byMode?.[1].scores.auc[1].value).toBeCloseTo((a + b) / 2, 12);
  });

  test("has a curve for each class, a null of shuffled labels, and the learning points that have an interval", () => {
    expect(found.roc.map(({ name }) => name)).toEqual(["benign", "cancer"]);
    expect([found.permutation?.repeats, found.permutation?.mean, found.permutation?.p]).toEqual([2, 0.5, 2 / 3]);
    expect(found.learningCurve?.map(({ patients }) => patients)).toEqual([3]);
    expect(found.learningCurve?.[0].macroAuc).toBeCloseTo(macroAuc(first)!, 12);
  });

  test("is plain JSON, with nothing that was not asked for", () => {
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    const bare = validation(run);
    for (const name of ["randomSplit", "byMode", "permutation", "learningCurve"]) expect(bare).not.toHaveProperty(name);
  });
});

test("a class in one patient has null figures and no ROC curve, and is left out of the means", () => {
  const rows = [
    [0, 0, 0, 0.7, 0.2, 0.1],
    [1, 0, 0, 0.2, 0.7, 0.1],
    [0, 1, 1, 0.4, 0.5, 0.1],
    [1, 1, 1, 0.3, 0.6, 0.1],
    [0, 2, 2, 0.7, 0.2, 0.1],
    [2, 2, 2, 0.1, 0.1, 0.8],
  ];
  const found = validation({ ...run, byPatient: [predictionsOf(["cancer", "stroma", "blood"], rows)] });
  expect(found.byPatient.auc.map(({ value }) => value === null)).toEqual([false, false, true]);
  expect(found.roc.map(({ name }) => name)).toEqual(["cancer", "stroma"]);
  expect(found.byPatient.macroAuc.reason).toMatch(/without blood/);
});

test("repeats of other pixels, modes of other length and no repeat at all are refused", () => {
  const other = { ...second, truth: second.truth.toReversed() };
  expect(() => validation({ ...run, byPatient: [first, other] })).toThrow(
    "repeat 2 does not hold the pixels of repeat 1",
  );
  expect(() => checkRepeats([first, other])).toThrow(/repeat 2/);
  expect(() => validation({ ...run, modes: ["SD"] })).toThrow("1 modes are given for 240 rows");
  expect(() => validation({ ...run, byPatient: [] })).toThrow("at least one repeat");
});
