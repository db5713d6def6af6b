import { expect, test } from "vitest";
import { predictForest } from "#classify/predict-forest";
import { rankForest } from "#classify/rank-forest";
import type { SpectraError } from "#cube/errors";
import type { Forest } from "#cube/forest";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";

/** A forest of one stump a threshold on feature 0: class 1 says how many thresholds are below the score. */
function stumps(thresholds: Float32Array): Forest {
  const trees = thresholds.length;
  const nodes = 3 * trees;
  const left = Int32Array.from({ length: nodes }, (_, node) => (node % 3 === 0 ? node + 1 : node));
  return {
    trees,
    features: 1,
    classes: 2,
    roots: Int32Array.from({ length: trees }, (_, tree) => 3 * tree),
    feature: new Uint16Array(nodes),
    threshold: Float32Array.from({ length: nodes }, (_, node) => (node % 3 === 0 ? thresholds[node / 3] : 0)),
    left,
    leaf: Int32Array.from({ length: nodes }, (_, node) => (node % 3 === 2 ? 1 : 0)),
    distributions: Float32Array.of(1, 0, 0, 1),
    importances: Float64Array.of(1),
    outOfBagAccuracy: Number.NaN,
  };
}

test("more than 65535 thresholds of a feature stand in several columns, and are compared as they are", () => {
  const count = 140_000;
  // In no order, twice each, and a share of them neighbours in float32.
  const thresholds = Float32Array.from({ length: count }, (_, i) => ((i * 7919) % (count / 2)) * 2 ** -23 + 1);
  const forest = stumps(thresholds);
  const { columns } = rankForest(forest);
  expect([...columns]).toEqual([0, 0, 65536, 0, 65536, 8192]);

  const at = [0, 1, 65533, 65534, 65535, 65536, 69_998, 69_999].map((i) => 1 + i * 2 ** -23);
  const scores = Float32Array.from([...at, 0.5, 3, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  const below = Array.from(scores, (x) => thresholds.filter((t) => !(x <= t)).length);
  expect(new Set(below).size).toBe(9);
  for (const kernels of [twinKernels(), simdKernels()]) {
    const probabilities = predictForest(forest, scores, scores.length, kernels);
    // Sums of ones below 2²⁴ are exact in float32.
    expect([...probabilities.filter((_, i) => i % 2 === 1)]).toEqual(below.map((n) => Math.fround(n / count)));
  }
});

test("a threshold of -0 is one of 0", () => {
  const scores = Float32Array.of(-0, 0, 1e-45, -1e-45);
  for (const kernels of [twinKernels(), simdKernels()]) {
    const probabilities = predictForest(stumps(Float32Array.of(0, -0)), scores, 4, kernels);
    expect([...probabilities.filter((_, i) => i % 2 === 1)]).toEqual([0, 0, 1, 0]);
  }
});

test("a forest that compares with NaN, or a feature that it does not have, is damaged", () => {
  const kindOf = (forest: Forest) => {
    try {
      rankForest(forest);
    } catch (thrown) {
      return (thrown as SpectraError).kind;
    }
  };
  expect(kindOf(stumps(Float32Array.of(Number.NaN)))).toBe("format");
  expect(kindOf({ ...stumps(Float32Array.of(1)), feature: Uint16Array.of(1, 0, 0) })).toBe("format");
});
