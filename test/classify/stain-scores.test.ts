import { describe, expect, test } from "vitest";
import { outcomes } from "#classify/outcomes";
import { pairAuc } from "#classify/pair-auc";
import { patientScores } from "#classify/patient-scores";
import { stainScores } from "#classify/stain-scores";
import { validation } from "#classify/validation";
import { predictionsOf } from "./predictions.js";

const classNames = ["cancer", "benign", "stroma"];
/** truth, patient, core, then the probabilities. */
const rows = [
  [0, 0, 0, 0.8, 0.1, 0.1],
  [0, 0, 0, 0.4, 0.3, 0.3],
  [1, 0, 0, 0.1, 0.8, 0.1],
  [1, 1, 1, 0.6, 0.3, 0.1],
  [2, 1, 1, 0.1, 0.1, 0.8],
  [2, 1, 1, 0.2, 0.2, 0.6],
  [0, 1, 1, 0.7, 0.2, 0.1],
  [2, 1, 1, 0, 0, 1],
];
const predictions = predictionsOf(classNames, rows);
/** Row 2 is outside the domain; row 1 is less sure than 0.5. */
const stained = { probabilities: predictions.probabilities, outside: Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0) };
const given = outcomes(predictions, stained, 0.5);

describe("the rule of the stain", () => {
  test("rejects what is outside and leaves what is unsure unclassified", () => {
    expect([...given]).toEqual([0, 4, 3, 0, 2, 2, 0, 2]);
  });

  test("has a coverage, an accuracy of what is classified, and one of all", () => {
    const { coverage, accuracy, rightOfAll } = stainScores(predictions, [given]);
    // 6 of 8 are classified, 5 of these rightly: the most probable class of all 8 has 7, which no stain would show.
    expect([coverage.value, accuracy.value, rightOfAll.value]).toEqual([6 / 8, 5 / 6, 5 / 8]);
    expect(coverage.reason).toMatch(/no interval: it rests on 2 patients/);
  });

  test("counts each row for the annotated pixels that it stands for", () => {
    // Stroma, of which all is right, is annotated ten times as often as it was tested.
    const weights = Float64Array.from(predictions.truth, (k) => (k === 2 ? 10 : 1));
    const { coverage, accuracy } = stainScores(predictions, [given], weights);
    expect(coverage.value).toBeCloseTo(33 / 35, 12);
    expect(accuracy.value).toBeCloseTo(32 / 33, 12);
  });

  test("stands in the confusion as two columns, so that rows add up to the pixels", () => {
    const { confusion, stained: found } = validation({
      folds: 2,
      trees: 10,
      byPatient: [predictions],
      stained: { rows: [stained], threshold: 0.5, refused: 3 },
    });
    expect(confusion.pixels).toEqual([
      [2, 0, 0, 0, 1],
      [1, 0, 0, 1, 0],
      [0, 0, 3, 0, 0],
    ]);
    expect(found).toMatchObject({ threshold: 0.5, refused: 3, accuracy: { value: 5 / 6 } });
  });
});

test("a pair is judged over its own pixels: what is easy lifts one class against all, and not the pair", () => {
  // cancer: 8/9, 4/7, 7/9 of both; benign: 1/9 and 6/9. Of 6 pairs one is the wrong way round.
  expect(pairAuc([predictions], [0, 1]).value).toBeCloseTo(5 / 6, 12);
  expect(pairAuc([predictions], [1, 0]).value).toBeCloseTo(5 / 6, 12);
  expect(pairAuc([predictions, predictions], [0, 1]).counts).toEqual({ pixels: 5, cores: 2, patients: 2 });
});

test("patients stand one by one, the worst first", () => {
  const found = patientScores([predictions], ["P1", "P2"], { outcomes: [given], pair: [0, 1] });
  expect(found.map(({ patient }) => patient)).toEqual(["P2", "P1"]);
  expect(found[0]).toMatchObject({ accuracy: 4 / 5, coverage: 1, pairAuc: 1, counts: { pixels: 5 } });
  expect(found[1]).toMatchObject({ accuracy: 1, coverage: 1 / 3, macroAuc: 1, classes: ["cancer", "benign"] });
  expect(patientScores([predictionsOf(classNames, rows.slice(4, 6))], ["P1", "P2"])[0].macroAuc).toBeNull();
});
