import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import { joinFloats } from "../cube/join-floats.js";
import type { MilSpec, Weights } from "../cube/mil.js";
import { isAttention, networkOf, tensorsOf } from "./network.js";
import type { Tensorflow } from "./open-backend.js";
import { lengthOf, type Prepared } from "./prepare-instances.js";
import { tensorOf } from "./score-bags.js";

/** Small maps of patches, `values[(i * size + y) * size + x]`. */
export interface Cams {
  readonly size: number;
  readonly values: Float32Array;
}

/** Patches that go through the network together. */
const BLOCK = 64;

/**
 * Grad-CAM of prepared patches for the positive class: the last feature maps weighed by the mean of the logit's gradient over each map,
 * summed, and what is below 0 cut off. The scale is left as it is: no patch is stretched to 0…1 by itself.
 * The logit is a linear layer on the mean of the maps, so that the weight of a map is that layer's over the number of its pixels.
 * Undefined for heads whose patches have no logit, and for encoders without pixels.
 * Source: Selvaraju et al. 2017, doi:10.1109/ICCV.2017.74.
 */
export function camsOf(tf: Tensorflow, weights: Weights, prepared: Prepared, spec: MilSpec): Cams | undefined {
  const network = networkOf(tf, spec, prepared.shape);
  const { maps } = network.encoder;
  if (!maps || isAttention(spec.head)) return undefined;
  const held = tensorsOf(tf, weights, network.parameters);
  const total = prepared.values.length / lengthOf(prepared);
  let size = 0;
  const parts: Float32Array[] = [];
  try {
    for (let from = 0; from < total; from += BLOCK) {
      const count = Math.min(BLOCK, total - from);
      tf.tidy(() => {
        const features = maps(held, tensorOf(prepared, from, count, tf), "test") as Tensor4D;
        const [, height, width, channels] = features.shape;
        size = height;
        const weighed = tf.matMul(tf.reshape(features, [-1, channels]) as Tensor2D, held["out/w"] as Tensor2D);
        parts.push(tf.relu(tf.div(weighed, height * width)).dataSync() as Float32Array);
      });
    }
  } finally {
    tf.dispose(held);
  }
  return { size, values: joinFloats(parts) };
}
