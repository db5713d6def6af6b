import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { SpectraError } from "../cube/errors.js";
import type { MilSpec, Weights } from "../cube/mil.js";
import type { Encoder, Parameter, Tensors } from "./encoder.js";
import { encoderOf } from "./encoder-of.js";
import { normals } from "./features-encoder.js";
import type { Tensorflow } from "./open-backend.js";

/** An encoder with the head that makes logits of its embeddings, as functions over tensors that are held elsewhere. */
export interface Network {
  readonly parameters: readonly Parameter[];
  readonly encoder: Encoder;
  /** Embeddings `[n, width]` to a logit a patch `[n]`. */
  patchLogits(weights: Tensors, embedded: Tensor2D): Tensor1D;
  /** The embeddings of one bag to its logit `[1]`, and the attention of each patch `[n]`, which sums to 1. */
  bag(weights: Tensors, embedded: Tensor2D): { readonly logit: Tensor1D; readonly attention?: Tensor1D };
  /** The loss that a bag's most and least attended patches add, where the head has one. */
  instanceLoss?(weights: Tensors, embedded: Tensor2D, attention: Float32Array, label: number): Tensor;
}

/** Weights as tensors by their names, to be disposed of by whoever asked. They must be those that the network has room for. */
export function tensorsOf(tf: Tensorflow, { tensors }: Weights, parameters: readonly Parameter[]): Tensors {
  for (const { name, shape } of parameters) {
    const has = tensors.find((tensor) => tensor.name === name)?.shape;
    if (has?.join() === shape.join()) continue;
    const message = `the diagnosis model is damaged: its network has ${name} of [${shape}], the file [${has ?? "none"}]; train it anew`;
    throw new SpectraError("format", "diagnose", message);
  }
  return Object.fromEntries(tensors.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape])]));
}

/** Units of the attention layer. */
const ATTENTION = 64;

/** Patches at either end of the attention that CLAM calls by name. */
export const CLAM_PATCHES = 8;

/** Whether a head weighs the patches of a bag by attention and is trained a bag at a time. */
export const isAttention = (head: MilSpec["head"]) => ["attention", "gated-attention", "clam"].includes(head);

/**
 * The network of a spec. Pooling heads are one linear layer a patch. Attention heads weigh the embeddings of a bag by
 * softmax(wᵀ(tanh(V h) ⊙ σ(U h))), without U where they are not gated, and score the weighted mean.
 * Sources: Campanella et al. 2019, doi:10.1038/s41591-019-0508-1 (top-k); Ilse, Tomczak and Welling 2018, arXiv 1802.04712 (attention);
 * Lu et al. 2021, doi:10.1038/s41551-020-00682-w (instance loss, here cross-entropy).
 */
export function networkOf(tf: Tensorflow, spec: MilSpec, shape: readonly number[]): Network {
  const encoder = encoderOf(tf, spec, shape);
  const { width } = encoder;
  const dense = (name: string, from: number, to: number, gain = 1): Parameter[] => [
    {
      name: `${name}/w`,
      shape: [from, to],
      trainable: true,
      start: (stream) => normals(from * to, Math.sqrt(gain / from), stream),
    },
    { name: `${name}/b`, shape: [to], trainable: true, start: () => new Float32Array(to) },
  ];
  const gated = spec.head === "gated-attention" || spec.head === "clam";
  const layer = (weights: Tensors, name: string, x: Tensor) =>
    tf.add(tf.matMul(x as Tensor2D, weights[`${name}/w`] as Tensor2D), weights[`${name}/b`]);

  const patchLogits = (weights: Tensors, embedded: Tensor2D) =>
    tf.reshape(layer(weights, "out", embedded), [-1]) as Tensor1D;

  function bag(weights: Tensors, embedded: Tensor2D) {
    // The mean of the patches' logits is the logit of their mean.
    if (!isAttention(spec.head)) return { logit: tf.reshape(tf.mean(patchLogits(weights, embedded)), [1]) as Tensor1D };
    const view = tf.tanh(layer(weights, "view", embedded));
    const opened = gated ? tf.mul(view, tf.sigmoid(layer(weights, "gate", embedded))) : view;
    const attention = tf.softmax(tf.reshape(layer(weights, "attend", opened), [-1])) as Tensor1D;
    const pooled = tf.matMul(tf.reshape(attention, [1, -1]) as Tensor2D, embedded);
    return { logit: patchLogits(weights, pooled as Tensor2D), attention };
  }

  return {
    encoder,
    parameters: [
      ...encoder.parameters,
      ...(isAttention(spec.head)
        ? [
            ...dense("view", width, ATTENTION),
            ...(gated ? dense("gate", width, ATTENTION) : []),
            ...dense("attend", ATTENTION, 1),
          ]
        : []),
      ...(spec.head === "clam" ? dense("instance", width, 2) : []),
      ...dense("out", width, 1),
    ],
    patchLogits,
    bag,
    instanceLoss:
      spec.head === "clam"
        ? (weights, embedded, attention, label) => {
            const count = Math.min(CLAM_PATCHES, Math.floor(attention.length / 2));
            if (!count) return tf.scalar(0);
            const order = Array.from(attention.keys()).sort((a, b) => attention[b] - attention[a] || a - b);
            // Rows are picked by a product with zeros and ones, whose gradient every backend has.
            const chosen = [...order.slice(0, count), ...order.slice(-count)];
            const pick = tf.oneHot(tf.tensor1d(chosen, "int32"), attention.length) as Tensor2D;
            const rows = tf.matMul(tf.cast(pick, "float32"), embedded) as Tensor2D;
            const column = tf.oneHot(tf.tensor1d([label], "int32"), 2);
            const logits = tf.sum(tf.mul(layer(weights, "instance", rows), tf.cast(column, "float32")), 1);
            const sign = tf.tensor1d(chosen.map((_, i) => (i < count ? 1 : -1)));
            return tf.mean(tf.softplus(tf.neg(tf.mul(sign, logits))));
          }
        : undefined,
  };
}
