import { existsSync, readFileSync } from "node:fs";
import { RandomForestClassifier } from "ml-random-forest";
import { describe, expect, test } from "vitest";
import { assembleForest } from "#classify/assemble-forest";
import { auc } from "#classify/auc";
import { bootstrapDraw } from "#classify/bootstrap-draw";
import { fitForest, fitTrees } from "#classify/fit-forest";
import type { ForestOptions } from "#classify/forest-options";
import { predictForest } from "#classify/predict-forest";
import type { Training } from "#classify/training";
import { baselineTwoPoint } from "#correct/baseline-two-point";
import type { SpectraError } from "#cube/errors";
import type { Forest } from "#cube/forest";
import { random } from "#cube/random";
import { openHdf5 } from "#hdf5/open";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";
import { vectorNorm } from "#normalise/vector-norm";
import { fitPca } from "#reduce/fit-pca";
import { momentAdder } from "#reduce/moments";
import { project } from "#reduce/project";
import { type PhantomGolden, phantomSpectra } from "../phantom-spectra.js";

/** Gaussian clouds of `classes` classes; only feature 1 tells them apart, by `apart` standard deviations. */
function clouds(rows: number, seed: number, { classes = 3, features = 4, apart = 4 } = {}): Training {
  const stream = random(seed);
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % classes);
  const values = Float32Array.from(
    { length: rows * features },
    (_, i) => stream.normal() + (i % features === 1 ? apart * labels[Math.floor(i / features)] : 0),
  );
  return { values, rows, features, labels, classes };
}

const forestOf = (training: Training, options: Partial<ForestOptions> = {}) =>
  fitForest(training, { seed: 1, trees: 12, ...options }, simdKernels());

/** The most probable class of each row. */
function classesOf(probabilities: Float32Array, classes: number): number[] {
  return Array.from({ length: probabilities.length / classes }, (_, row) => {
    const of = probabilities.subarray(row * classes, (row + 1) * classes);
    return of.indexOf(Math.max(...of));
  });
}

const share = (predicted: ArrayLike<number>, truth: ArrayLike<number>) =>
  Array.from(predicted).filter((k, row) => k === truth[row]).length / truth.length;

/** Depth of every leaf, by walking from the root of each tree. */
function leafDepths(forest: Forest): number[] {
  const depths: number[] = [];
  const walk = (node: number, depth: number): void => {
    if (forest.left[node] === node) depths.push(depth);
    else for (const next of [forest.left[node], forest.left[node] + 1]) walk(next, depth + 1);
  };
  for (const root of forest.roots) walk(root, 0);
  return depths;
}

/** The definition of a prediction, word by word from the doc comment of `Forest`. */
function walked(forest: Forest, row: Float32Array): number[] {
  const sums = new Float32Array(forest.classes);
  for (const root of forest.roots) {
    let node = root;
    while (forest.left[node] !== node) {
      node = row[forest.feature[node]] <= forest.threshold[node] ? forest.left[node] : forest.left[node] + 1;
    }
    for (let k = 0; k < forest.classes; k++) {
      sums[k] += forest.distributions[forest.leaf[node] * forest.classes + k];
    }
  }
  return Array.from(sums, (sum) => Math.fround(sum / forest.trees));
}

function refusal(run: () => unknown): SpectraError {
  try {
    run();
  } catch (thrown) {
    return thrown as SpectraError;
  }
  throw new Error("nothing was refused");
}

describe("fitting", () => {
  const training = clouds(300, 7);

  test("trees fitted in ranges and put together in any order are the same bytes as one forest", () => {
    const whole = forestOf(training);
    const options = { seed: 1, trees: 12 };
    const ranges = [
      [5, 12],
      [0, 1],
      [1, 5],
    ].map(([from, to]) => fitTrees(training, options, from, to, simdKernels()));
    expect(assembleForest(ranges, training)).toEqual(whole);
    expect(whole.trees).toBe(12);
  });

  test("a range that is missing is an error", () => {
    const range = fitTrees(training, { seed: 1, trees: 3 }, 1, 3, simdKernels());
    expect(() => assembleForest([range], training)).toThrow("starts at 1, but 0 have come before");
  });

  test("the twin and SIMD fit the same forest", () => {
    expect(fitForest(training, { seed: 1, trees: 3 }, twinKernels())).toEqual(forestOf(training, { trees: 3 }));
  });

  test("the same seed gives the same forest, another seed another", () => {
    expect(forestOf(training, { seed: 2 })).toEqual(forestOf(training, { seed: 2 }));
    expect(forestOf(training, { seed: 2 })).not.toEqual(forestOf(training, { seed: 3 }));
  });

  test("what is given stays as it was", () => {
    const before = structuredClone(training);
    forestOf(training);
    expect(training).toEqual(before);
  });

  test("no path is longer than the depth asked for, and without a limit the leaves are pure", () => {
    expect(Math.max(...leafDepths(forestOf(training, { maxDepth: 2 })))).toBe(2);
    const full = forestOf(training);
    expect(Math.max(...leafDepths(full))).toBeGreaterThan(2);
    expect([...full.distributions].every((share) => share === 0 || share === 1)).toBe(true);
  });

  test("a leaf holds at least the drawn rows asked for", () => {
    // Two classes in exchange for one row: 40 drawn rows parted by leaves of 15 leave at most two leaves.
    const small = clouds(40, 3, { classes: 2, apart: 1 });
    const leaves = leafDepths(forestOf(small, { minLeaf: 15, trees: 30 })).length / 30;
    expect(leaves).toBeGreaterThan(1);
    expect(leaves).toBeLessThanOrEqual(2);
  });

  test("every row of a distribution sums to 1, and siblings stand side by side inside their tree", () => {
    const forest = forestOf(training, { minLeaf: 9 });
    for (let row = 0; row < forest.distributions.length / 3; row++) {
      const sum = forest.distributions.subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b, 0);
      // Three float32 shares.
      expect(sum).toBeCloseTo(1, 6);
    }
    for (const [tree, root] of forest.roots.entries()) {
      const end = forest.roots[tree + 1] ?? forest.left.length;
      for (let node = root; node < end; node++) {
        if (forest.left[node] === node) continue;
        expect(forest.left[node]).toBeGreaterThan(node);
        expect(forest.left[node] + 1).toBeLessThan(end);
      }
    }
  });

  test("importances sum to 1, and most of it is on the one feature that tells", () => {
    const { importances } = forestOf(training);
    expect(importances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(importances[1]).toBeGreaterThan(0.6);
  });

  test("the out-of-bag accuracy is what fresh rows show", () => {
    const noisy = { classes: 2, apart: 1.5 };
    const train = clouds(2000, 11, noisy);
    const fresh = clouds(2000, 12, noisy);
    const forest = forestOf(train, { trees: 60, minLeaf: 5 });
    const predicted = classesOf(predictForest(forest, fresh.values, 2000, simdKernels()), 2);
    // Two binomial shares of 2000 rows near 0.77: standard error 0.013 of their difference.
    expect(Math.abs(forest.outOfBagAccuracy - share(predicted, fresh.labels))).toBeLessThan(0.04);
    expect(forest.outOfBagAccuracy).toBeGreaterThan(0.7);
  });

  test("labels that mean nothing have the out-of-bag accuracy of guessing", () => {
    const forest = forestOf(clouds(2000, 13, { classes: 2, apart: 0 }), { trees: 40 });
    // Binomial: 4.5 standard errors of 0.011.
    expect(Math.abs(forest.outOfBagAccuracy - 0.5)).toBeLessThan(0.05);
  });

  test("one row a class is enough, and equal rows of two classes end in one leaf", () => {
    const same: Training = {
      values: Float32Array.of(1, 1, 1, 1),
      rows: 4,
      features: 1,
      labels: Uint8Array.of(0, 1, 0, 1),
      classes: 2,
    };
    const forest = forestOf(same, { trees: 200 });
    expect(leafDepths(forest)).toEqual(new Array(200).fill(0));
    expect([...forest.importances]).toEqual([0]);
    const [first] = predictForest(forest, Float32Array.of(1), 1, simdKernels());
    // The mean of 200 shares of four draws: standard error 0.018.
    expect(Math.abs(first - 0.5)).toBeLessThan(0.08);
  });

  test.each([
    ["one class only", { labels: new Uint8Array(300) }, {}, "labels", /at least 2/],
    ["a class that does not exist", { classes: 2 }, {}, "labels", /row 2 is of class 2; there are 2/],
    ["NaN", { values: training.values.map((v, i) => (i === 9 ? Number.NaN : v)) }, {}, "range", /row 2 holds NaN/],
    ["infinity", { values: training.values.map((v, i) => (i === 0 ? -1 / 0 : v)) }, {}, "range", /row 0 holds -Inf/],
    ["too few labels", { labels: new Uint8Array(3) }, {}, "shape", /300 rows of 4 features/],
    ["no features", { features: 0 }, {}, "params", /1 to 256 features, not 0/],
    ["half a tree", {}, { trees: 0.5 }, "params", /trees is 0.5/],
    ["leaves of nothing", {}, { minLeaf: 0 }, "params", /minLeaf is 0/],
    ["more tried than there are", {}, { tried: 5 }, "params", /5 features cannot be tried where there are 4/],
  ] as const)("%s is refused", (_, data, options, kind, message) => {
    const error = refusal(() => forestOf({ ...training, ...data }, options));
    expect([error.name, error.kind]).toEqual(["SpectraError", kind]);
    expect(error.message).toMatch(message);
  });
});

describe("the bootstrap draw", () => {
  // Class 0: patient 0 has 300 rows, patient 1 has 20. Class 1: 60 rows of patient 1. Class 2: none.
  const labels = Uint8Array.from({ length: 380 }, (_, row) => (row < 320 ? 0 : 1));
  const groups = Int32Array.from({ length: 380 }, (_, row) => (row < 300 ? 0 : 1));
  const training: Training = { values: new Float32Array(380), rows: 380, features: 1, labels, classes: 3, groups };
  const drawn = (balance: "class" | "none", wanted: (row: number) => boolean, of = training) => {
    const draw = bootstrapDraw(of, balance);
    const stream = random(5);
    let sum = 0;
    for (let i = 0; i < 20; i++) sum += draw(stream).reduce((total, w, row) => total + (wanted(row) ? w : 0), 0);
    return sum / (20 * 380);
  };
  // A share of 7600 draws has a standard error below 0.006; 0.03 is five of them.
  const near = (value: number, expected: number) => expect(Math.abs(value - expected)).toBeLessThan(0.03);

  test("draws as many rows as there are", () => {
    expect(bootstrapDraw(training, "class")(random(1)).reduce((a, b) => a + b, 0)).toBe(380);
  });

  test("balanced, every class that has rows is drawn alike, the rare and the frequent", () => {
    near(
      drawn("class", (row) => labels[row] === 1),
      1 / 2,
    );
  });

  test("unbalanced, a class is drawn as often as it occurs", () => {
    near(
      drawn("none", (row) => labels[row] === 1),
      60 / 380,
    );
  });

  test("the patients of a class are drawn alike, however many rows they have", () => {
    near(
      drawn("class", (row) => row >= 300 && row < 320),
      1 / 4,
    );
    near(
      drawn("none", (row) => row < 300),
      320 / 380 / 2,
    );
  });

  test("without patients every row of a class is drawn alike", () => {
    const { groups: _, ...without } = training;
    near(
      drawn("class", (row) => row >= 300 && row < 320, without),
      20 / 320 / 2,
    );
  });
});

describe("prediction", () => {
  const training = clouds(400, 21, { apart: 1.2 });
  const forest = forestOf(training, { minLeaf: 2 });
  const rows = clouds(300, 22, { apart: 1.2 }).values.map((v, i) => (i % 97 === 5 ? Number.NaN : v));

  test.each([twinKernels, simdKernels])("is the walk that the definition says, to the bit: %o", (make) => {
    const probabilities = predictForest(forest, rows, 300, make());
    const expected = Array.from({ length: 300 }, (_, row) => walked(forest, rows.subarray(4 * row, 4 * row + 4)));
    expect([...probabilities]).toEqual(expected.flat());
  });

  test("a row is predicted alike in whatever company", () => {
    const together = predictForest(forest, rows, 300, simdKernels());
    const alone = predictForest(forest, rows.subarray(4 * 257, 4 * 258), 1, simdKernels());
    expect([...alone]).toEqual([...together.subarray(3 * 257, 3 * 258)]);
  });

  const stump = (threshold: number): Forest => ({
    trees: 1,
    features: 1,
    classes: 2,
    roots: Int32Array.of(0),
    feature: new Uint16Array(3),
    threshold: Float32Array.of(threshold, 0, 0),
    left: Int32Array.of(1, 1, 2),
    leaf: Int32Array.of(0, 0, 1),
    distributions: Float32Array.of(1, 0, 0, 1),
    importances: Float64Array.of(1),
    outOfBagAccuracy: Number.NaN,
  });

  test("a value at the threshold goes left, the next float32 above right, and NaN right", () => {
    const threshold = Math.fround(0.1);
    const above = Math.fround(threshold + 2 ** -27);
    expect(above).toBeGreaterThan(threshold);
    const scores = Float32Array.of(threshold, above, Number.NaN, -1 / 0, 1 / 0);
    expect([...predictForest(stump(threshold), scores, 5, simdKernels())]).toEqual([1, 0, 0, 1, 0, 1, 1, 0, 0, 1]);
  });

  test("a fitted threshold parts the rows as the fit parted them, even where two float32 are neighbours", () => {
    const low = 1;
    const high = 1 + 2 ** -23;
    const values = Float32Array.from({ length: 20 }, (_, row) => (row % 2 ? high : low));
    const labels = Uint8Array.from({ length: 20 }, (_, row) => row % 2);
    const tight = forestOf({ values, rows: 20, features: 1, labels, classes: 2 });
    expect(classesOf(predictForest(tight, values, 20, simdKernels()), 2)).toEqual([...labels]);
  });

  test("too few scores and too many features are refused with the numbers", () => {
    expect(refusal(() => predictForest(forest, new Float32Array(7), 2, twinKernels())).message).toMatch(
      /need 8 scores/,
    );
    expect(
      refusal(() => predictForest({ ...forest, features: 257 }, new Float32Array(257), 1, twinKernels())).kind,
    ).toBe("params");
  });
});

interface Golden {
  accuracy: number;
  auc: number[];
}

const golden = <T extends Golden>(name: string): T =>
  JSON.parse(readFileSync(new URL(`golden/${name}.golden.json`, import.meta.url), "utf8"));

/** Accuracy and one-vs-rest AUC, the mean of five forests as the goldens are. */
function meanScores(train: Training, held: Training, options: Partial<ForestOptions>): Golden {
  const runs = [1, 2, 3, 4, 5].map((seed) => {
    const forest = forestOf(train, { ...options, seed, balance: "none" });
    const p = predictForest(forest, held.values, held.rows, simdKernels());
    const column = (k: number) => Float32Array.from({ length: held.rows }, (_, row) => p[row * held.classes + k]);
    return {
      accuracy: share(classesOf(p, held.classes), held.labels),
      auc: Array.from({ length: held.classes }, (_, k) =>
        Number(
          auc(
            column(k),
            Array.from(held.labels, (label) => label === k),
          ).value,
        ),
      ),
    };
  });
  const mean = (of: (run: Golden) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return { accuracy: mean((run) => run.accuracy), auc: runs[0].auc.map((_, k) => mean((run) => run.auc[k])) };
}

// Five forests of one program differ among themselves by about as much (see "spread" in the goldens).
const AGREEMENT = 0.005;

test("accuracy and AUC on a problem of known data agree with scikit-learn to 0.005", () => {
  const problem = (rows: number, seed: number): Training => {
    let state = seed;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const values = Float32Array.from({ length: rows * 8 }, (_, i) => {
      const total = uniform() + uniform() + uniform() + uniform();
      return total + (i % 8 < 5 ? 0.4 * ((Math.floor(i / 8) + (i % 8)) % 3) : 0);
    });
    return { values, rows, features: 8, labels: Uint8Array.from({ length: rows }, (_, row) => row % 3), classes: 3 };
  };
  const expected = golden<Golden & { check: number }>("forest");
  const train = problem(1200, 1);
  expect(train.values[7 * 8 + 3]).toBe(expected.check);
  const ours = meanScores(train, problem(3000, 2), { trees: 400 });
  expect(Math.abs(ours.accuracy - expected.accuracy)).toBeLessThan(AGREEMENT);
  for (const [k, value] of ours.auc.entries()) expect(Math.abs(value - expected.auc[k])).toBeLessThan(AGREEMENT);
});

test("AUC on patients of the phantom that were held out agrees with scikit-learn to 0.005, class by class", async () => {
  const expected = golden<Golden & PhantomGolden & { fitted: number }>("phantom");
  const { spectra, labels, patient } = await phantomSpectra(expected);
  const { bands, values } = spectra;
  const kernels = simdKernels();
  const fitted = patient.findIndex((index) => index >= expected.fitted);
  const adder = momentAdder(values.subarray(0, bands), kernels);
  adder.add(values.subarray(0, fitted * bands), fitted);
  const pca = fitPca(adder.finish(), 16, spectra.wavenumbers);
  const { values: scores } = project(spectra, pca, { kernels });
  const part = (from: number, to: number): Training => ({
    values: scores.slice(16 * from, 16 * to),
    rows: to - from,
    features: 16,
    labels: labels.slice(from, to).map((label) => label - 1),
    classes: 6,
  });
  const ours = meanScores(part(0, fitted), part(fitted, labels.length), { trees: 1000, minLeaf: 2 });
  for (const [k, value] of ours.auc.entries()) expect(Math.abs(value - expected.auc[k])).toBeLessThan(AGREEMENT);
}, 60_000);

test("ml-random-forest, an implementation apart, predicts the same classes where the clouds are clear", () => {
  const train = clouds(150, 31, { apart: 5 });
  const fresh = clouds(100, 32, { apart: 5 });
  const rowsOf = ({ values, rows }: Training) =>
    Array.from({ length: rows }, (_, row) => Array.from(values.subarray(4 * row, 4 * row + 4)));
  // All features: it draws them once a tree, so that with fewer some trees would never see the one that tells.
  const other = new RandomForestClassifier({ seed: 3, nEstimators: 20, maxFeatures: 4 });
  other.train(rowsOf(train), [...train.labels]);
  const ours = classesOf(predictForest(forestOf(train, { trees: 50 }), fresh.values, 100, simdKernels()), 3);
  // Clouds 5 standard deviations apart overlap in 1 row of 80.
  expect(share(other.predict(rowsOf(fresh)), ours)).toBeGreaterThanOrEqual(0.95);
  expect(share(ours, fresh.labels)).toBeGreaterThanOrEqual(0.95);
});

const real = new URL("../../../shared/data/real/", import.meta.url);

// Measured spectra that are not shipped (GPL); where they are not at hand there is nothing to compare.
describe.skipIf(!existsSync(real))("on real liver spectra", () => {
  async function labelled(name: string) {
    const file = await openHdf5(new URL(`liver-${name}.h5`, real).pathname);
    const all = file.read("/labels") as Uint8Array;
    const values = file.read("/cube") as Float32Array;
    const wavenumbers = file.read("/wavenumbers") as Float64Array;
    file.close();
    const bands = wavenumbers.length;
    const chosen = [...all.keys()].filter((pixel) => all[pixel] > 0);
    const kept = new Float32Array(chosen.length * bands);
    for (const [i, pixel] of chosen.entries()) kept.set(values.subarray(pixel * bands, (pixel + 1) * bands), i * bands);
    const raw = { quantity: "absorbance" as const, wavenumbers, bands, count: chosen.length, values: kept };
    const labels = Uint8Array.from(chosen, (pixel) => all[pixel] - 1);
    return { spectra: vectorNorm(baselineTwoPoint(raw)), labels };
  }

  test("16 components and a forest of 200 trees agree with scikit-learn: variances to 1e-5, AUC to 0.005", async () => {
    const [train, held] = [await labelled("train"), await labelled("test")];
    const kernels = simdKernels();
    const adder = momentAdder(train.spectra.values.subarray(0, train.spectra.bands), kernels);
    adder.add(train.spectra.values, train.spectra.count);
    const pca = fitPca(adder.finish(), 16, train.spectra.wavenumbers);
    const [ours, theirs] = [train, held].map(({ spectra, labels }): Training => {
      const { values, count, components } = project(spectra, pca, { kernels });
      return { values, rows: count, features: components, labels, classes: 4 };
    });
    const expected = golden<Golden & { variance: number[] }>("liver");
    // Spectra of float32 have 10⁻⁷ of their length, and the smallest variance here is 10⁻⁴ of the largest.
    for (const [i, value] of pca.variance.entries())
      expect(Math.abs(value / expected.variance[i] - 1)).toBeLessThan(1e-5);
    const scores = meanScores(ours, theirs, { trees: 200 });
    for (const [k, value] of scores.auc.entries()) expect(Math.abs(value - expected.auc[k])).toBeLessThan(AGREEMENT);
    expect(Math.abs(scores.accuracy - expected.accuracy)).toBeLessThan(AGREEMENT);
  });
});
