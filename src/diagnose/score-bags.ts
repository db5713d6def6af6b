import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Instances } from "../cube/bag.js";
import type { MilMember, MilSpec } from "../cube/mil.js";
import { sigmoid } from "../cube/sigmoid.js";
import type { Tensors } from "./encoder.js";
import { isAttention, type Network, networkOf, tensorsOf } from "./network.js";
import type { Tensorflow } from "./open-backend.js";
import { lengthOf, type Prepared, prepareRows, rowsOf } from "./prepare-instances.js";
import { kFor, topK } from "./top-k.js";

/** Scores of bags and of their patches, bag after bag. */
export interface BagScores {
  /** From 0 to 1, higher is more likely positive. */
  readonly bags: Float64Array;
  readonly patches: Float32Array;
  /** What the score of a patch is: the probability that it is positive, or its share of the attention of its bag. */
  readonly kind: "probability" | "attention";
}

/** Score bags with a trained network. A bag without patches scores NaN. */
export async function scoreBags(
  { preparation, weights }: Pick<MilMember, "preparation" | "weights">,
  instances: Instances,
  bags: readonly number[],
  spec: MilSpec,
  { tf }: { tf: Tensorflow },
): Promise<BagScores> {
  const prepared = prepareRows(instances, rowsOf(instances, bags), preparation, spec);
  const network = networkOf(tf, spec, prepared.shape);
  const held = tensorsOf(tf, weights, network.parameters);
  const sizes = bags.map((bag) => instances.first[bag + 1] - instances.first[bag]);
  try {
    return scorePrepared(network, held, prepared, sizes, spec, tf);
  } finally {
    tf.dispose(held);
  }
}

/** Numbers of a tensor that a block of patches may hold: what is in memory does not grow with the bag. */
const blockValues = 1 << 20;

/** Score patches that are prepared, `sizes[b]` of them for bag b. */
export function scorePrepared(
  network: Network,
  weights: Tensors,
  prepared: Prepared,
  sizes: readonly number[],
  spec: MilSpec,
  tf: Tensorflow,
): BagScores {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const patches = new Float32Array(total);
  const bags = new Float64Array(sizes.length);
  if (!isAttention(spec.head)) {
    const logits = patchLogits(network, weights, prepared, tf);
    for (let i = 0; i < total; i++) patches[i] = sigmoid(logits[i]);
    let from = 0;
    for (const [b, size] of sizes.entries()) {
      bags[b] = size ? aggregate(logits.subarray(from, from + size), spec) : Number.NaN;
      from += size;
    }
    return { bags, patches, kind: "probability" };
  }
  let from = 0;
  for (const [b, size] of sizes.entries()) {
    bags[b] = Number.NaN;
    if (!size) continue;
    const [logit, attention] = tf.tidy(() => {
      const embedded = embedRows(network, weights, prepared, from, size, tf);
      const found = network.bag(weights, embedded);
      return [found.logit.dataSync()[0], found.attention!.dataSync() as Float32Array];
    });
    bags[b] = sigmoid(logit);
    patches.set(attention, from);
    from += size;
  }
  return { bags, patches, kind: "attention" };
}

/** The logit of every prepared patch. */
export function patchLogits(network: Network, weights: Tensors, prepared: Prepared, tf: Tensorflow): Float32Array {
  const total = prepared.values.length / lengthOf(prepared);
  const logits = new Float32Array(total);
  const block = blockOf(prepared, network.encoder.width);
  for (let from = 0; from < total; from += block) {
    const count = Math.min(block, total - from);
    tf.tidy(() => {
      const embedded = network.encoder.embed(weights, tensorOf(prepared, from, count, tf), "test");
      logits.set(network.patchLogits(weights, embedded).dataSync(), from);
    });
  }
  return logits;
}

/** Some prepared patches as a tensor `[count, ...shape]`. */
export function tensorOf(prepared: Prepared, from: number, count: number, tf: Tensorflow) {
  const length = lengthOf(prepared);
  const values = prepared.values.subarray(from * length, (from + count) * length);
  return tf.tensor(values, [count, ...prepared.shape], "float32");
}

function embedRows(
  network: Network,
  weights: Tensors,
  prepared: Prepared,
  from: number,
  count: number,
  tf: Tensorflow,
): Tensor2D {
  const block = blockOf(prepared, network.encoder.width);
  const parts: Tensor2D[] = [];
  for (let at = 0; at < count; at += block) {
    const now = Math.min(block, count - at);
    parts.push(
      tf.tidy(() => network.encoder.embed(weights, tensorOf(prepared, from + at, now, tf), "test")) as Tensor2D,
    );
  }
  return parts.length === 1 ? parts[0] : (tf.concat(parts) as Tensor2D);
}

function blockOf(prepared: Prepared, width: number): number {
  // Maps of a network over pixels take several times the room of what goes in.
  const values = lengthOf(prepared) * (prepared.shape.length > 1 ? 4 : 1);
  return Math.max(1, Math.floor(blockValues / Math.max(values, width)));
}

/** The score of a bag from the logits of its patches. */
function aggregate(logits: Float32Array, spec: MilSpec): number {
  const { length } = logits;
  const probabilities = Float64Array.from(logits, sigmoid);
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  if (spec.head === "supervised") return mean(probabilities.map((p) => (p >= 0.5 ? 1 : 0)));
  if (spec.head === "mean") return sigmoid(mean(logits));
  if (spec.test === "max") return probabilities.reduce((most, p) => Math.max(most, p), 0);
  const chosen = Array.from(topK(logits, 0, length, kFor(length, spec.k)), (i) => probabilities[i]);
  if (spec.test === "mean-top-k") return mean(chosen);
  if (spec.test === "noisy-or") return 1 - chosen.reduce((product, p) => product * (1 - p), 1);
  // A smooth maximum: log-sum-exp with a sharpness of 5, divided by the number of patches so that equal ones keep their value.
  const sharp = 5;
  return Math.log(mean(probabilities.map((p) => Math.exp(sharp * p)))) / sharp;
}
