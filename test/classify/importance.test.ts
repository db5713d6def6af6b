import { expect, test } from "vitest";
import { fitForest } from "#classify/fit-forest";
import { importanceByWavenumber } from "#classify/importance";
import type { Forest } from "#cube/forest";
import type { Pca } from "#cube/pca";
import { random } from "#cube/random";
import { simdKernels } from "#kernels/simd-kernels";
import { fitPca } from "#reduce/fit-pca";
import { momentAdder } from "#reduce/moments";
import { project } from "#reduce/project";

const pcaOf = (components: number, loadings: number[]): Pca => {
  const bands = loadings.length / components;
  return {
    wavenumbers: Float64Array.from({ length: bands }, (_, i) => 1000 + 4 * i),
    bands,
    components,
    mean: new Float64Array(bands),
    loadings: Float64Array.from(loadings),
    variance: new Float64Array(components).fill(1),
    totalVariance: components,
    residual: [0, 0, 0],
    count: 10,
  };
};

const forestOf = (importances: number[]): Forest => ({
  trees: 1,
  features: importances.length,
  classes: 2,
  roots: Int32Array.of(0),
  feature: new Uint16Array(1),
  threshold: new Float32Array(1),
  left: new Int32Array(1),
  leaf: new Int32Array(1),
  distributions: Float32Array.of(0.5, 0.5),
  importances: Float64Array.from(importances),
  outOfBagAccuracy: Number.NaN,
});

test("a component hands its importance out by its squared loadings", () => {
  // 0.75 · (0.36, 0.64, 0) + 0.25 · (0, 0, 1)
  const importance = importanceByWavenumber(pcaOf(2, [0.6, -0.8, 0, 0, 0, 1]), forestOf([0.75, 0.25]));
  for (const [band, expected] of [0.27, 0.48, 0.25].entries()) expect(importance[band]).toBeCloseTo(expected, 14);
});

test("loadings of another length still hand out all there is", () => {
  const importance = importanceByWavenumber(pcaOf(1, [3, 4]), forestOf([1]));
  expect([...importance]).toEqual([9 / 25, 16 / 25]);
});

test("a forest without a split has no importance anywhere", () => {
  expect([...importanceByWavenumber(pcaOf(1, [0.6, 0.8]), forestOf([0]))]).toEqual([0, 0]);
});

test("a forest of other features than the model has components is refused", () => {
  expect(() => importanceByWavenumber(pcaOf(1, [0.6, 0.8]), forestOf([0.5, 0.5]))).toThrow(
    "the forest has 2 features, the model 1 components",
  );
});

test("fitted on spectra whose classes differ in one band, the importance peaks at that band and sums to 1", () => {
  const bands = 30;
  const count = 400;
  const stream = random(4);
  const labels = Uint8Array.from({ length: count }, (_, row) => row % 2);
  // One broad band that varies in all spectra, and a narrow one at 1084 cm-1 that only class 1 has.
  const values = new Float32Array(count * bands);
  for (let row = 0; row < count; row++) {
    const broad = 1 + 0.3 * stream.normal();
    const narrow = 0.5 * labels[row] + 0.1 * stream.normal();
    for (let band = 0; band < bands; band++) {
      const bell = Math.exp(-(((band - 8) / 5) ** 2));
      const peak = Math.exp(-(((band - 21) / 1.5) ** 2));
      values[row * bands + band] = broad * bell + narrow * peak + 0.01 * stream.normal();
    }
  }
  const wavenumbers = Float64Array.from({ length: bands }, (_, i) => 1000 + 4 * i);
  const kernels = simdKernels();
  const adder = momentAdder(values.subarray(0, bands), kernels);
  adder.add(values, count);
  const pca = fitPca(adder.finish(), 4, wavenumbers);
  const scores = project({ quantity: "absorbance", wavenumbers, bands, count, values }, pca, { kernels });
  const training = { values: scores.values, rows: count, features: 4, labels, classes: 2 };
  const importance = importanceByWavenumber(pca, fitForest(training, { seed: 1, trees: 20 }, kernels));
  expect(importance.indexOf(Math.max(...importance))).toBe(21);
  expect(importance.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
});
