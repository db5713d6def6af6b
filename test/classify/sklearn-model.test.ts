import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { predictForest } from "#classify/predict-forest";
import type { Forest } from "#cube/forest";
import type { Pca } from "#cube/pca";
import { type Hdf5File, openHdf5 } from "#hdf5/open";
import { simdKernels } from "#kernels/simd-kernels";
import { project } from "#reduce/project";

const folder = new URL("golden/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("sklearn-model.golden.json", folder), "utf8"));

/** The arrays of a group by their names in the file. */
const group = (file: Hdf5File, name: string) =>
  Object.fromEntries(
    file
      .datasets()
      .filter(({ path }) => path.startsWith(`/${name}/`))
      .map(({ path }) => [path.slice(name.length + 2), file.read(path)]),
  );

describe("a model exported from scikit-learn by docs/export_sklearn_forest.py", () => {
  let pca: Pca;
  let forest: Forest;
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of a file, looked at word by word below.
  let about: any;
  let labels: number[];

  beforeAll(async () => {
    const file = await openHdf5(fileURLToPath(new URL("sklearn-model.golden.h5", folder)));
    about = JSON.parse(file.strings("/about")[0]);
    pca = { ...about.pca, ...group(file, "pca") };
    forest = { ...about.forest, ...group(file, "forest") };
    labels = [...file.read("/labels")];
    file.close();
  });

  test("predicts the probabilities of predict_proba to 1e-6 and the classes of predict, at the thresholds too", () => {
    const count = golden.classes.length;
    const probabilities = predictForest(forest, Float32Array.from(golden.scores), count, simdKernels());
    expect(probabilities.length).toBe(golden.probabilities.length);
    // Six float32 shares summed.
    for (const [i, value] of probabilities.entries()) {
      expect(Math.abs(value - golden.probabilities[i])).toBeLessThan(1e-6);
    }
    const predicted = Array.from({ length: count }, (_, row) => {
      const of = probabilities.subarray(3 * row, 3 * row + 3);
      return labels[of.indexOf(Math.max(...of))];
    });
    expect(predicted).toEqual(golden.classes);
  });

  test("projects spectra as PCA.transform does, though their axis was descending", () => {
    const { bands, wavenumbers } = pca;
    const values = Float32Array.from(golden.spectra);
    const count = values.length / bands;
    const spectra = { quantity: "normalised" as const, wavenumbers, bands, count, values };
    const scores = project(spectra, pca, { kernels: simdKernels() });
    expect(scores.values.length).toBe(golden.transformed.length);
    // float32 sums over 21 numbers up to 1.
    for (const [i, value] of scores.values.entries())
      expect(Math.abs(value - golden.transformed[i])).toBeLessThan(1e-6);
    expect([wavenumbers[0], wavenumbers[20]]).toEqual([1000, 1800]);
  });

  test("has its leaves point at themselves, its siblings side by side, and its arrays in the types of a model", () => {
    const { roots, feature, threshold, left, leaf, distributions, importances } = forest;
    expect([roots, feature, threshold, left, leaf, distributions, importances].map((a) => a.constructor.name)).toEqual([
      "Int32Array",
      "Uint16Array",
      "Float32Array",
      "Int32Array",
      "Int32Array",
      "Float32Array",
      "Float64Array",
    ]);
    expect(roots.length).toBe(about.forest.trees);
    // Every node but the roots is the child of exactly one other.
    const parents = new Int32Array(left.length);
    for (const [node, child] of left.entries()) {
      if (child === node) continue;
      parents[child]++;
      parents[child + 1]++;
    }
    expect([...parents.keys()].filter((node) => parents[node] !== 1)).toEqual([...roots]);
    const leaves = [...left.keys()].filter((node) => left[node] === node).map((node) => leaf[node]);
    // Leaves that say the same share a row, and every row is used.
    expect([...new Set(leaves)].sort((a, b) => a - b)).toEqual([...Array(distributions.length / 3).keys()]);
    expect(leaves.length).toBeGreaterThan(distributions.length / 3);
    expect([...importances]).toEqual(golden.importances);
  });

  test("says what it is: classes by label value, explained variance, no limits, and that its training is not recorded", () => {
    expect(labels).toEqual([1, 2, 4]);
    expect(about.classNames).toEqual(["unlabelled", "cancer", "stroma", "label 3", "blood"]);
    expect(Object.keys(about.palette)).toEqual(["cancer", "stroma", "blood"]);
    // Fitted on float32 spectra, scikit-learn's variances are float32 too.
    for (const [i, share] of golden.explained.entries()) {
      expect(pca.variance[i] / pca.totalVariance).toBeCloseTo(share, 7);
    }
    const variance = pca.variance.reduce((sum, value) => sum + value, 0) + pca.residual[0];
    expect(variance / pca.totalVariance).toBeCloseTo(1, 12);
    expect(about.limits).toEqual({ q: null, t2: null });
    expect(about.pipeline.steps[0]).toEqual({ step: "correct", method: "baseline-two-point", params: {} });
    expect(about.provenance.stamps).toEqual(["fitted in scikit-learn: training patients not recorded"]);
  });
});
