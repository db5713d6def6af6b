import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nestedPatients } from "#classify/learning-curve";
import { permutationSummary, permuteLabels } from "#classify/permute";
import { sampleRows } from "#classify/sample";

/** Rows of up to five patients and three classes in any order. */
const cohorts = fc
  .array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 2 })), { minLength: 1, maxLength: 120 })
  .map((rows) => ({ patient: rows.map(([p]) => p), truth: rows.map(([, k]) => k) }));

/** How many of the rows each pair of patient and class has. */
const tally = (rows: Iterable<number>, patient: number[], truth: ArrayLike<number>) => {
  const counts = Array.from({ length: 3 }, () => [0, 0, 0, 0, 0]);
  for (const row of rows) counts[truth[row]][patient[row]]++;
  return counts;
};

describe("training rows", () => {
  test("of a class are as many as asked for, or all, and no patient's share can be made fairer", () => {
    fc.assert(
      fc.property(cohorts, fc.integer({ min: 1, max: 40 }), fc.integer(), ({ patient, truth }, most, seed) => {
        const chosen = sampleRows({ patient, truth, pixelsPerClass: most, seed });
        expect(new Set(chosen).size).toBe(chosen.length);
        expect([...chosen]).toEqual([...chosen].sort((a, b) => a - b));
        const given = tally(truth.keys(), patient, truth);
        for (const [k, shares] of tally(chosen, patient, truth).entries()) {
          const total = given[k].reduce((a, b) => a + b, 0);
          expect(shares.reduce((a, b) => a + b, 0)).toBe(Math.min(most, total));
          // Whoever could give more has at most one less than anybody.
          for (const [p, share] of shares.entries()) {
            if (share < given[k][p]) expect(share).toBeGreaterThanOrEqual(Math.max(...shares) - 1);
          }
        }
      }),
    );
  });

  test("come from the rows they may come from, and the same ones from the same seed", () => {
    const truth = Array.from({ length: 60 }, (_, row) => row % 3);
    const patient = truth.map((_, row) => row % 5);
    const among = [...truth.keys()].filter((row) => row % 2 === 0);
    const of = (seed: number) => sampleRows({ truth, patient, pixelsPerClass: 6, seed, among });
    expect([...of(1)].every((row) => row % 2 === 0)).toBe(true);
    expect(of(1).length).toBe(18);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test("are those that the whole list of rows was drawn from before only their counts were held", () => {
    const truth = Array.from({ length: 90 }, (_, row) => (row * 7) % 3);
    const patient = truth.map((_, row) => (row * row) % 4);
    expect([...sampleRows({ truth, patient, pixelsPerClass: 9, seed: 3 })]).toEqual([
      7, 9, 11, 15, 16, 23, 25, 26, 33, 38, 41, 46, 48, 49, 55, 56, 57, 60, 62, 63, 72, 74, 76, 77, 82, 84, 85,
    ]);
    const backwards = [...truth.keys()].reverse();
    expect([...sampleRows({ truth, patient, pixelsPerClass: 3, seed: "x", among: backwards })]).toEqual([
      3, 13, 42, 44, 53, 82, 86, 87, 88,
    ]);
  });

  test("of one patient's class do not depend on the rows of others that are not drawn from", () => {
    const truth = Array.from({ length: 40 }, (_, row) => row % 2);
    const patient = truth.map(() => 0);
    const alone = sampleRows({ truth, patient, pixelsPerClass: 5, seed: 1 });
    // Another class of another patient, in front of all.
    const more = sampleRows({ truth: [2, 2, 2, ...truth], patient: [1, 1, 1, ...patient], pixelsPerClass: 5, seed: 1 });
    expect([...more].filter((row) => row >= 3).map((row) => row - 3)).toEqual([...alone]);
  });

  test("are drawn alike: each of ten is chosen in about three of ten draws", () => {
    const times = new Float64Array(10);
    for (let seed = 0; seed < 1000; seed++) {
      const rows = { truth: new Uint8Array(10), patient: new Uint8Array(10), pixelsPerClass: 3, seed };
      for (const row of sampleRows(rows)) times[row]++;
    }
    // Binomial: standard deviation 14.5.
    for (const count of times) expect(Math.abs(count - 300)).toBeLessThan(65);
  });
});

describe("shuffled labels", () => {
  test("keep whole blocks together, the classes of every patient, and the number of patients of each class", () => {
    fc.assert(
      fc.property(cohorts, fc.integer(), ({ patient, truth }, seed) => {
        const labels = permuteLabels({ patient, truth, classes: 3, seed });
        const [before, after] = [truth, [...labels]].map((of) => {
          const sets: Set<number>[] = [0, 1, 2, 3, 4].map(() => new Set());
          for (const [row, p] of patient.entries()) sets[p].add(of[row]);
          return sets.map((set) => [...set].sort());
        });
        for (const p of [0, 1, 2, 3, 4]) {
          expect(after[p].length).toBe(before[p].length);
          if (before[p].length > 1) expect(after[p]).toEqual(before[p]);
        }
        const singles = (sets: number[][]) =>
          sets
            .filter((set) => set.length === 1)
            .flat()
            .sort();
        expect(singles(after)).toEqual(singles(before));
        // Rows of a patient that had one label have one label still.
        const renamed = new Map<string, number>();
        for (const [row, p] of patient.entries()) {
          const block = `${p} ${truth[row]}`;
          expect(renamed.get(block) ?? labels[row]).toBe(labels[row]);
          renamed.set(block, labels[row]);
        }
      }),
    );
  });

  test("break the link: over many shuffles a patient has every class of the cohort", () => {
    const patient = [0, 1, 2, 3, 4, 5];
    const truth = [0, 0, 1, 1, 2, 2];
    const seen = new Set<number>();
    for (let seed = 0; seed < 40; seed++) seen.add(permuteLabels({ patient, truth, classes: 3, seed })[0]);
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });

  test("are summed up by the mean and the central 95 % of their AUCs", () => {
    const aucs = Array.from({ length: 41 }, (_, i) => ((i * 7) % 41) / 40);
    const { repeats, mean, interval } = permutationSummary(aucs)!;
    expect(repeats).toBe(41);
    expect(mean).toBeCloseTo(0.5, 14);
    expect(interval).toEqual([1 / 40, 39 / 40]);
    expect(permutationSummary([])).toBeUndefined();
  });
});

describe("patients for a learning curve", () => {
  test("each set holds the one before, and covers the classes as early as can be", () => {
    fc.assert(
      fc.property(cohorts, fc.integer(), ({ patient, truth }, seed) => {
        const all = [...new Set(patient)];
        const sets = nestedPatients({ patient, truth, classes: 3, sizes: [1, 2, 3, 4, 9], seed });
        expect(sets.map((set) => set.length)).toEqual([1, 2, 3, 4, 9].map((size) => Math.min(size, all.length)));
        for (let i = 1; i < sets.length; i++)
          expect([...sets[i].subarray(0, sets[i - 1].length)]).toEqual([...sets[i - 1]]);
        expect([...sets[4]].sort()).toEqual(all.sort());
        // Each next patient brings a class that the line lacks, so three suffice for three classes.
        const covered = new Set(truth.filter((_, row) => sets[2].includes(patient[row])));
        expect(covered.size).toBe(new Set(truth).size);
      }),
    );
  });

  test("other seeds line the patients up otherwise", () => {
    const patient = [...Array(10).keys()];
    const rows = { patient, truth: patient.map((p) => p % 2), classes: 2, sizes: [5] };
    expect(nestedPatients({ ...rows, seed: 1 })).toEqual(nestedPatients({ ...rows, seed: 1 }));
    expect(new Set([1, 2, 3].map((seed) => nestedPatients({ ...rows, seed })[0].join())).size).toBe(3);
  });
});
