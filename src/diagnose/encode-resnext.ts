import type { Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from "@tensorflow/tfjs-core";
import type { Encoder, Parameter, Tensors } from "./encoder.js";
import { normals } from "./features-encoder.js";
import type { Tensorflow } from "./open-backend.js";

/** Blocks of each stage, groups of a grouped convolution, and its channels in the first stage: 32 groups of 4. */
const STAGES = [3, 4, 6, 3] as const;
const GROUPS = 32;
const GROUPED = 128;

/** How fast running statistics follow those of a batch. */
const MOMENTUM = 0.1;
const EPSILON = 1e-5;

/**
 * ResNeXt-50 (32×4d) without its last layer: a 7 × 7 convolution with a stride of 2 and a maximum over 3 × 3, then 3, 4, 6 and 3
 * blocks of 1 × 1, grouped 3 × 3 and 1 × 1 convolutions with a batch normalisation each, and the mean over what is left of the patch,
 * 2048 numbers. A batch normalisation uses the statistics of the batch while training and running ones in a test.
 * Source: Xie, Girshick, Dollár, Tu and He 2017, doi:10.1109/CVPR.2017.634.
 */
export function resnextEncoder(tf: Tensorflow, channels: number): Encoder {
  const parameters: Parameter[] = [];
  const convolution = (name: string, size: number, from: number, to: number) => {
    const deviation = Math.sqrt(2 / (size * size * to));
    const start: Parameter["start"] = (stream) => normals(size * size * from * to, deviation, stream);
    parameters.push({ name: `${name}/w`, shape: [size, size, from, to], trainable: true, start });
    const constant = (value: number) => () => new Float32Array(to).fill(value);
    parameters.push(
      { name: `${name}/scale`, shape: [to], trainable: true, start: constant(1) },
      { name: `${name}/shift`, shape: [to], trainable: true, start: constant(0) },
      { name: `${name}/mean`, shape: [to], trainable: false, start: constant(0) },
      { name: `${name}/variance`, shape: [to], trainable: false, start: constant(1) },
    );
  };
  const blocks = STAGES.flatMap((count, stage) =>
    Array.from({ length: count }, (_, block) => ({
      name: `stage${stage + 1}/block${block + 1}`,
      from: block ? 256 << stage : stage ? 128 << stage : 64,
      middle: GROUPED << stage,
      to: 256 << stage,
      stride: block === 0 && stage > 0 ? 2 : 1,
      first: block === 0,
    })),
  );
  convolution("stem", 7, channels, 64);
  for (const { name, from, middle, to, first } of blocks) {
    convolution(`${name}/a`, 1, from, middle);
    // In groups: a filter of all channels of its group.
    convolution(`${name}/b`, 3, middle / GROUPS, middle);
    convolution(`${name}/c`, 1, middle, to);
    if (first) convolution(`${name}/skip`, 1, from, to);
  }

  const normalise = (weights: Tensors, name: string, x: Tensor4D, mode: "train" | "test"): Tensor => {
    const scale = weights[`${name}/scale`];
    const shift = weights[`${name}/shift`];
    if (mode === "test") {
      const gain = tf.mul(scale, tf.rsqrt(tf.add(weights[`${name}/variance`], EPSILON)));
      return tf.add(tf.mul(tf.sub(x, weights[`${name}/mean`]), gain), shift);
    }
    const mean = tf.mean(x, [0, 1, 2]);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), [0, 1, 2]);
    const count = x.shape[0] * x.shape[1] * x.shape[2];
    follow(weights[`${name}/mean`] as Variable, mean);
    follow(weights[`${name}/variance`] as Variable, tf.mul(variance, count / Math.max(1, count - 1)));
    return tf.add(tf.mul(centred, tf.mul(scale, tf.rsqrt(tf.add(variance, EPSILON)))), shift);
  };
  const follow = (running: Variable, now: Tensor) => {
    const next = tf.tidy(() => tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(now, MOMENTUM)));
    running.assign(next as Tensor1D);
    next.dispose();
  };
  const padded = (x: Tensor4D, by: number) =>
    tf.pad4d(x, [
      [0, 0],
      [by, by],
      [by, by],
      [0, 0],
    ]);
  const convolve = (weights: Tensors, name: string, x: Tensor4D, stride: number, by: number) =>
    tf.conv2d(by ? padded(x, by) : x, weights[`${name}/w`] as Tensor4D, stride, "valid");
  const grouped = (weights: Tensors, name: string, x: Tensor4D, stride: number) => {
    const parts = tf.split(padded(x, 1), GROUPS, 3) as Tensor4D[];
    const filters = tf.split(weights[`${name}/w`] as Tensor4D, GROUPS, 3) as Tensor4D[];
    return tf.concat(
      parts.map((part, g) => tf.conv2d(part, filters[g], stride, "valid")),
      3,
    ) as Tensor4D;
  };

  const maps = (weights: Tensors, patches: Tensor4D, mode: "train" | "test"): Tensor4D => {
    const settled = (name: string, x: Tensor4D) => normalise(weights, name, x, mode) as Tensor4D;
    let x = tf.relu(settled("stem", convolve(weights, "stem", patches, 2, 3))) as Tensor4D;
    // Nothing after a rectifier is below the zeros of the padding, so that they do not change a maximum.
    x = tf.maxPool(padded(x, 1), 3, 2, "valid") as Tensor4D;
    for (const { name, stride, first } of blocks) {
      const a = tf.relu(settled(`${name}/a`, convolve(weights, `${name}/a`, x, 1, 0))) as Tensor4D;
      const b = tf.relu(settled(`${name}/b`, grouped(weights, `${name}/b`, a, stride))) as Tensor4D;
      const c = settled(`${name}/c`, convolve(weights, `${name}/c`, b, 1, 0));
      const skip = first ? settled(`${name}/skip`, convolve(weights, `${name}/skip`, x, stride, 0)) : x;
      x = tf.relu(tf.add(c, skip)) as Tensor4D;
    }
    return x;
  };
  return {
    width: 2048,
    parameters,
    maps: (weights, patches, mode) => maps(weights, patches as Tensor4D, mode),
    embed: (weights, patches, mode) => tf.mean(maps(weights, patches as Tensor4D, mode), [1, 2]) as Tensor2D,
  };
}
