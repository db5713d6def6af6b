import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDisjoint, leavePatientsOut, patientFolds, randomFolds } from "#classify/folds";
import { SpectraError } from "#cube/errors";

const names = ["cancer", "stroma", "blood"];

/** Labelled rows from a list of [patient, class, pixels]. */
const rowsOf = (blocks: [patient: number, truth: number, pixels: number][]) => ({
  patient: blocks.flatMap(([patient, , pixels]) => new Array<number>(pixels).fill(patient)),
  truth: blocks.flatMap(([, truth, pixels]) => new Array<number>(pixels).fill(truth)),
  classNames: names,
});

/** Cohorts that can be validated: patients with gaps in their numbers, each with one to three classes. */
const cohorts = fc
  .array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 2 }), fc.integer({ min: 1, max: 20 })), {
    minLength: 6,
    maxLength: 40,
  })
  .filter((blocks) => {
    const having = names.map((_, k) => new Set(blocks.filter(([, truth]) => truth === k).map(([p]) => p)).size);
    return having.filter((n) => n > 0).length >= 2 && having.some((n) => n >= 2);
  })
  .map(rowsOf);

const kindOf = (run: () => unknown): string => {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof SpectraError) return `${thrown.kind}: ${thrown.message}`;
    throw thrown;
  }
  return "nothing was refused";
};

describe("folds by patient", () => {
  test("no two folds share a patient, every patient is in one, and none is empty", () => {
    fc.assert(
      fc.property(cohorts, fc.integer({ min: 2, max: 6 }), fc.integer(), (rows, wanted, seed) => {
        const patients = [...new Set(rows.patient)];
        const folds = Math.min(wanted, patients.length);
        if (folds < 2) return;
        const { fold } = patientFolds({ ...rows, folds, seed });
        for (let f = 0; f < folds; f++) {
          const test = rows.patient.filter((p) => fold[p] === f);
          const train = rows.patient.filter((p) => fold[p] !== f);
          expect(test.length).toBeGreaterThan(0);
          expect(() => checkDisjoint(train, test)).not.toThrow();
        }
        expect(patients.every((p) => fold[p] >= 0 && fold[p] < folds)).toBe(true);
        expect([...fold.keys()].filter((p) => fold[p] === -1).every((p) => !patients.includes(p))).toBe(true);
      }),
    );
  });

  test("a class is unvalidated exactly when a single fold has all of it, and then there is a warning that names it", () => {
    fc.assert(
      fc.property(cohorts, fc.integer(), (rows, seed) => {
        const { fold, unvalidated, warnings } = patientFolds({ ...rows, folds: 2, seed });
        const inFolds = names.map(
          (_, k) => new Set(rows.patient.filter((_, i) => rows.truth[i] === k).map((p) => fold[p])),
        );
        expect(unvalidated).toEqual([0, 1, 2].filter((k) => inFolds[k].size < 2));
        expect(warnings.map((warning) => warning.split('"')[1])).toEqual(unvalidated.map((k) => names[k]));
      }),
    );
  });

  test("patients of one class each are dealt evenly: folds differ by one patient of a class at the most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 20 }), fc.integer({ min: 5, max: 20 }), fc.integer(), (a, b, seed) => {
        const rows = rowsOf(Array.from({ length: a + b }, (_, p) => [p, p < a ? 0 : 1, 1 + ((p * 7) % 5)]));
        const { fold } = patientFolds({ ...rows, folds: 5, seed });
        for (const [from, to] of [
          [0, a],
          [a, a + b],
        ]) {
          const counts = [0, 1, 2, 3, 4].map((f) => fold.subarray(from, to).filter((of) => of === f).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("a class of one patient is unvalidated, with a warning that says why", () => {
    const rows = rowsOf([
      [0, 0, 5],
      [0, 1, 5],
      [1, 0, 5],
      [1, 1, 5],
      [2, 1, 5],
      [2, 2, 5],
    ]);
    const { unvalidated, warnings } = patientFolds({ ...rows, folds: 3, seed: 1 });
    expect(unvalidated).toEqual([2]);
    expect(warnings).toEqual([
      '"blood" is in 1 patient: it cannot be tested on a patient it was not learned from, and its figures are left out',
    ]);
  });

  test("the order of the rows does not matter, the seed does", () => {
    const rows = rowsOf(Array.from({ length: 12 }, (_, p) => [p, p % 2, 4]));
    const back = { ...rows, patient: rows.patient.toReversed(), truth: rows.truth.toReversed() };
    const of = (from: typeof rows, seed: number) => [...patientFolds({ ...from, folds: 3, seed }).fold];
    expect(of(back, 1)).toEqual(of(rows, 1));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => of(rows, seed).join())).size).toBeGreaterThan(1);
  });

  test("one patient left out at a time makes as many folds as patients", () => {
    const rows = rowsOf(Array.from({ length: 7 }, (_, p) => [3 * p, p % 2, 2]));
    const { folds, fold } = leavePatientsOut({ ...rows, seed: 1 });
    expect(folds).toBe(7);
    expect([...fold].filter((f) => f >= 0).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("what cannot be split is refused with the numbers", () => {
    const two = rowsOf([
      [0, 0, 3],
      [0, 1, 3],
      [1, 0, 3],
      [1, 1, 3],
    ]);
    const refused = (rows: typeof two, folds: number) => kindOf(() => patientFolds({ ...rows, folds, seed: 1 }));
    expect(refused(two, 1)).toMatch(/^params: folds is 1/);
    expect(refused(two, 5)).toMatch(/^patients: 5 folds need 5 patients, .* are of 2; ask for 2 folds/);
    expect(
      refused(
        rowsOf([
          [0, 0, 3],
          [0, 1, 3],
        ]),
        2,
      ),
    ).toMatch(/^patients: .* at least 2 patients/);
    expect(
      refused(
        rowsOf([
          [0, 0, 3],
          [1, 0, 3],
        ]),
        2,
      ),
    ).toMatch(/^labels: .* all of class "cancer"/);
    expect(
      refused(
        rowsOf([
          [0, 0, 3],
          [1, 1, 3],
        ]),
        2,
      ),
    ).toMatch(/^patients: no class is in two patients/);
    expect(refused({ ...two, patient: two.patient.map((p) => p - 1) }, 2)).toMatch(/^patients: row 0 has no patient/);
    expect(refused({ ...two, truth: two.truth.map((k) => k + 2) }, 2)).toMatch(
      /^labels: row 3 has class 3; there are 3/,
    );
  });
});

describe("patients on both sides", () => {
  test("are refused by name, whether patients are named or numbered", () => {
    expect(kindOf(() => checkDisjoint(["P1", "P2", "P3"], ["P3", "P4", "P1"]))).toBe(
      "patients: 2 patients are in training and in testing (P3, P1); split by patient",
    );
    expect(kindOf(() => checkDisjoint([1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1]))).toMatch(/\(7, 6, 5, 4, 3, …\)/);
    expect(() => checkDisjoint(Int32Array.of(0, 1), Int32Array.of(2))).not.toThrow();
  });
});

describe("folds at random, the leak", () => {
  test("are of equal size to one, from the seed, whatever the patients", () => {
    const fold = randomFolds(23, 5, 1);
    const sizes = [0, 1, 2, 3, 4].map((f) => fold.filter((of) => of === f).length);
    expect(sizes.sort()).toEqual([4, 4, 5, 5, 5]);
    expect(randomFolds(23, 5, 1)).toEqual(fold);
    expect(randomFolds(23, 5, 2)).not.toEqual(fold);
    expect(kindOf(() => randomFolds(3, 4, 1))).toMatch(/^params: 4 folds of 3 rows/);
  });
});
