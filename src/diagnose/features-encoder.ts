import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Random } from "../cube/random.js";
import type { Encoder } from "./encoder.js";
import type { Tensorflow } from "./open-backend.js";

/** Features of a patch to an embedding: one dense layer and a rectifier. */
export function featuresEncoder(tf: Tensorflow, features: number, hidden: number): Encoder {
  return {
    width: hidden,
    parameters: [
      {
        name: "embed/w",
        shape: [features, hidden],
        trainable: true,
        start: (stream) => normals(features * hidden, Math.sqrt(2 / features), stream),
      },
      { name: "embed/b", shape: [hidden], trainable: true, start: () => new Float32Array(hidden) },
    ],
    embed: (weights, patches) =>
      tf.relu(tf.add(tf.matMul(patches as Tensor2D, weights["embed/w"] as Tensor2D), weights["embed/b"])) as Tensor2D,
  };
}

/** Normal draws with a standard deviation; that of He et al. 2015 for a layer of n inputs and a rectifier is √(2 / n). */
export function normals(count: number, deviation: number, stream: Random): Float32Array {
  return Float32Array.from({ length: count }, (): number => deviation * stream.normal());
}
