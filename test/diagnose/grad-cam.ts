import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { MilSpec, Weights } from "#cube/mil";
import type { Cams } from "#diagnose/cam";
import { networkOf, tensorsOf } from "#diagnose/network";
import type { Tensorflow } from "#diagnose/open-backend";
import { lengthOf, type Prepared } from "#diagnose/prepare-instances";
import { tensorOf } from "#diagnose/score-bags";

/** Grad-CAM by the gradient itself, for any head whose patches have a logit: what `camsOf` is checked against. */
export function gradCam(tf: Tensorflow, weights: Weights, prepared: Prepared, spec: MilSpec): Cams {
  const network = networkOf(tf, spec, prepared.shape);
  const held = tensorsOf(tf, weights, network.parameters);
  const total = prepared.values.length / lengthOf(prepared);
  return tf.tidy(() => {
    const features = network.encoder.maps!(held, tensorOf(prepared, 0, total, tf), "test") as Tensor4D;
    // The logits of different patches do not touch each other: the gradient of their sum is that of each.
    const logit = (maps: Tensor4D) => tf.sum(network.patchLogits(held, tf.mean(maps, [1, 2]) as Tensor2D));
    const slopes = tf.grad((maps) => logit(maps as Tensor4D))(features) as Tensor4D;
    const alpha = tf.mean(slopes, [1, 2], true);
    const cam = tf.relu(tf.sum(tf.mul(features, alpha), 3));
    const values = Float32Array.from(cam.dataSync());
    tf.dispose(held);
    return { size: features.shape[1], values };
  });
}
