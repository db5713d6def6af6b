import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { Encoder, Parameter, Tensors } from "./encoder.js";
import { normals } from "./features-encoder.js";
import type { Tensorflow } from "./open-backend.js";

/** Channels after each of the three convolutions. */
const CHANNELS = [16, 32, 64] as const;

/**
 * A small network over pixels: three convolutions of 3 × 3 with a stride of 2 and a rectifier each, then the mean over what is left of
 * the patch; for 32 × 32 × 8 about 0.9 million multiplications. It has no batch statistics: a patch is seen alike in training and test.
 */
export function cnnEncoder(tf: Tensorflow, channels: number): Encoder {
  const sizes = [channels, ...CHANNELS];
  const parameters = CHANNELS.flatMap((to, layer): Parameter[] => {
    const from = sizes[layer];
    const deviation = Math.sqrt(2 / (9 * from));
    return [
      {
        name: `conv${layer + 1}/w`,
        shape: [3, 3, from, to],
        trainable: true,
        start: (stream) => normals(9 * from * to, deviation, stream),
      },
      { name: `conv${layer + 1}/b`, shape: [to], trainable: true, start: () => new Float32Array(to) },
    ];
  });
  const maps = (weights: Tensors, patches: Tensor4D) => {
    let x = patches;
    for (let layer = 1; layer <= CHANNELS.length; layer++) {
      const convolved = tf.conv2d(x, weights[`conv${layer}/w`] as Tensor4D, 2, "same");
      x = tf.relu(tf.add(convolved, weights[`conv${layer}/b`])) as Tensor4D;
    }
    return x;
  };
  return {
    width: CHANNELS[CHANNELS.length - 1],
    parameters,
    maps: (weights, patches) => maps(weights, patches as Tensor4D),
    embed: (weights, patches) => tf.mean(maps(weights, patches as Tensor4D), [1, 2]) as Tensor2D,
  };
}
