import type { Tensor2D } from "@tensorflow/tfjs-core";
import { random } from "../cube/random.js";
import type { Tensorflow } from "./open-backend.js";

/**
 * Whether a backend computes: the largest error of a product of 8 × 16 and 16 × 4 numbers, and of the gradient of the sum of its
 * squares, against plain sums.
 */
export function checkBackend(tf: Tensorflow): number {
  const stream = random("check backend");
  const [n, m, k] = [8, 16, 4];
  const a = Float32Array.from({ length: n * m }, () => stream.normal());
  const b = Float32Array.from({ length: m * k }, () => stream.normal());
  const product = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) for (let l = 0; l < m; l++) product[i * k + j] += a[i * m + l] * b[l * k + j];
  }
  const gradient = new Float64Array(m * k);
  for (let l = 0; l < m; l++) {
    for (let j = 0; j < k; j++) {
      for (let i = 0; i < n; i++) gradient[l * k + j] += 2 * product[i * k + j] * a[i * m + l];
    }
  }
  const [found, slope] = tf.tidy(() => {
    const left = tf.tensor2d(a, [n, m]);
    const right = tf.tensor2d(b, [m, k]);
    const of = (x: Tensor2D) => tf.matMul(left, x);
    return [
      of(right).dataSync(),
      tf
        .grad((x) => tf.sum(tf.square(of(x as Tensor2D))))(right)
        .dataSync(),
    ];
  });
  const worst = (values: ArrayLike<number>, wanted: Float64Array) =>
    wanted.reduce((most, value, i) => Math.max(most, Math.abs(values[i] - value)), 0);
  return Math.max(worst(found, product), worst(slope, gradient));
}
