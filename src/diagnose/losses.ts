import type { Tensor } from "@tensorflow/tfjs-core";
import type { MilSpec } from "../cube/mil.js";
import { power } from "../cube/power.js";
import type { Tensorflow } from "./open-backend.js";

/** A loss with its weight of the positive class settled; `alpha` off leaves both classes as they are. */
export type Loss =
  | { readonly kind: "cross-entropy" }
  | { readonly kind: "focal"; readonly gamma: number; readonly alpha: number | "off" };

/** The loss of a spec for bags with so many positives: a balanced α is n_neg / n, the weight of the positive class. */
export function lossOf({ loss }: Pick<MilSpec, "loss">, labels: ArrayLike<number>): Loss {
  if (loss.kind === "cross-entropy" || loss.alpha !== "balance") return loss as Loss;
  const positives = Array.from(labels).filter(Boolean).length;
  return { ...loss, alpha: (labels.length - positives) / labels.length };
}

/**
 * Loss of one logit against its label, 0 or 1: cross-entropy, or focal loss α_t (1 − p_t)^γ · cross-entropy, where p_t is the
 * probability given to the label, and α_t is α for positives and 1 − α for negatives.
 * Source: Lin, Goyal, Girshick, He and Dollár 2017, doi:10.1109/ICCV.2017.324.
 */
export function lossAt(logit: number, label: number, loss: Loss): number {
  const margin = label ? logit : -logit;
  const entropy = margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
  if (loss.kind === "cross-entropy") return entropy;
  const weight = loss.alpha === "off" ? 1 : label ? loss.alpha : 1 - loss.alpha;
  // 1 − p_t = exp(−softplus(margin)), which keeps its digits where p_t is close to 1.
  const missed = Math.exp(-(margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin))));
  return weight * power(missed, loss.gamma) * entropy;
}

/** The mean of `lossAt` over logits and labels of one shape, as a tensor that has a gradient. */
export function meanLoss(tf: Tensorflow, logits: Tensor, labels: Tensor, loss: Loss): Tensor {
  const margin = tf.mul(logits, tf.sub(tf.mul(labels, 2), 1));
  const entropy = tf.softplus(tf.neg(margin));
  if (loss.kind === "cross-entropy") return tf.mean(entropy);
  const focused = tf.mul(tf.exp(tf.mul(tf.softplus(margin), -loss.gamma)), entropy);
  if (loss.alpha === "off") return tf.mean(focused);
  const weight = tf.add(tf.mul(labels, 2 * loss.alpha - 1), 1 - loss.alpha);
  return tf.mean(tf.mul(weight, focused));
}
