import { expect, test } from "vitest";
import { fitForest } from "#classify/fit-forest";
import { predictForest } from "#classify/predict-forest";
import { random } from "#cube/random";
import { simdKernels } from "#kernels/simd-kernels";
import { twinKernels } from "#kernels/twin-kernels";

const features = 6;
const stream = random(11);
const training = {
  values: Float32Array.from({ length: 600 * features }, () => stream.normal()),
  rows: 600,
  features,
  labels: Uint8Array.from({ length: 600 }, () => stream.integer(5)),
  classes: 5,
};
const forest = fitForest(training, { seed: 1, trees: 20 }, twinKernels());

/** Scores of rows that change slowly, as along a row of an image, or from row to row, as in a list of spectra. */
const rowsLike = (count: number, slow: boolean) =>
  Float32Array.from({ length: count * features }, (_, i) => {
    if (!slow) return stream.normal();
    return 1.5 * Math.sin(Math.floor(i / features) / 70 + (i % features)) + 0.02 * stream.normal();
  });

test.each([1, 31, 32, 33, 511, 512, 513, 1300])(
  "%i rows alike or unlike: walked together or one by one, the same bits",
  (count) => {
    for (const slow of [true, false]) {
      const scores = rowsLike(count, slow);
      const expected = predictForest(forest, scores, count, twinKernels());
      expect(predictForest(forest, scores, count, simdKernels())).toEqual(expected);
      for (let row = 0; row < count; row++) {
        const sum = expected.subarray(row * 5, row * 5 + 5).reduce((total, p) => total + p, 0);
        // Five shares rounded to float32.
        expect(sum).toBeCloseTo(1, 5);
      }
    }
  },
);
