import type { Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { Instances } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import type { MilMember, MilSpec, Weights } from "../cube/mil.js";
import { random, shuffle } from "../cube/random.js";
import { type Adam, adam } from "./adam.js";
import { augment } from "./augment.js";
import { registerFilterGradient } from "./filter-gradient.js";
import { type Loss, lossOf, meanLoss } from "./losses.js";
import { type Network, networkOf } from "./network.js";
import type { Tensorflow } from "./open-backend.js";
import { fitPreparation, lengthOf, type Prepared, prepareRows, rowsOf } from "./prepare-instances.js";
import { patchLogits, scorePrepared } from "./score-bags.js";
import { kFor, topK } from "./top-k.js";

/** What an epoch came to. */
export interface Epoch {
  readonly epoch: number;
  /** Mean over the steps of the epoch. */
  readonly loss: number;
  /** Of the inner bags at their best threshold; null where they were not scored. */
  readonly innerBalancedAccuracy: number | null;
}

/** All that a training needs to go on where it was: nothing random is left over between epochs. */
export interface TrainingState {
  readonly epoch: number;
  readonly weights: Weights;
  readonly optimiser: ReturnType<Adam["state"]>;
  /** Patches that are learned from until all are ranked anew. */
  readonly chosen: Int32Array;
  readonly best: Best | undefined;
  readonly history: readonly Epoch[];
}

interface Best {
  readonly weights: Weights;
  readonly epoch: number;
  readonly threshold: number;
  readonly balancedAccuracy: number;
  readonly loss: number;
}

export interface TrainOptions {
  readonly seed: number | string;
  readonly tf: Tensorflow;
  /** The threshold that suits some scores best, and the balanced accuracy there. */
  readonly choose: (
    scores: Float64Array,
    labels: Uint8Array,
  ) => { readonly threshold: number; readonly balancedAccuracy: number | null };
  readonly signal?: AbortSignal;
  readonly onEpoch?: (epoch: Epoch) => void;
  readonly checkpoint?: {
    readonly every: number;
    readonly load: () => Promise<TrainingState | undefined>;
    readonly save: (state: TrainingState) => Promise<void>;
  };
}

/** Share of CLAM's loss that is the bag's; the rest is that of its patches. */
const BAG_WEIGHT = 0.7;

/**
 * Train a network on the training bags; the inner bags choose the epoch and the threshold by balanced accuracy, of equal ones the
 * epoch with the lower cross-entropy of the inner bags, then the earlier. Without inner bags the last epoch is taken. No other bag is
 * looked at. The same seed gives the same weights; a training that goes on from a checkpoint ends as one that was never stopped.
 *
 * Top-k: every epoch all training patches are scored, then the network learns from the k highest of each bag, shuffled, with the label
 * of their bag. Supervised: from all patches. Mean pooling and attention: from whole bags, one a step.
 */
export async function trainBags(
  instances: Instances,
  { train, inner }: { readonly train: readonly number[]; readonly inner: readonly number[] },
  spec: MilSpec,
  options: TrainOptions,
): Promise<{ member: MilMember; last: Weights; history: readonly Epoch[] }> {
  const { tf, seed, choose } = options;
  checkBags(instances, train, inner);
  if (spec.encoder !== "features") registerFilterGradient(tf);
  const preparation = fitPreparation(instances, train, spec);
  const prepared = prepareRows(instances, rowsOf(instances, train), preparation, spec);
  const held = prepareRows(instances, rowsOf(instances, inner), preparation, spec);
  const innerLabels = Uint8Array.from(inner, (bag) => instances.label[bag]);
  const innerSizes = inner.map((bag) => instances.first[bag + 1] - instances.first[bag]);
  const network = networkOf(tf, spec, prepared.shape);
  const before = await options.checkpoint?.load();
  const variables = startVariables(network, before?.weights, seed, tf);
  const learned = Object.fromEntries(
    network.parameters.filter(({ trainable }) => trainable).map(({ name }) => [name, variables[name]]),
  );
  const optimiser = adam(tf, learned, { rate: spec.learningRate, decay: spec.weightDecay }, before?.optimiser);
  const step = (value: () => Tensor) => takeStep(tf, optimiser, Object.values(learned), value);
  const trainer = trainerOf(network, variables, step, prepared, train, instances, spec, options, before?.chosen);
  let best = before?.best;
  const history: Epoch[] = [...(before?.history ?? [])];
  try {
    for (let epoch = (before?.epoch ?? 0) + 1; epoch <= spec.epochs; epoch++) {
      if (options.signal?.aborted) throw new SpectraError("cancelled", "diagnose", "training was stopped on request");
      const loss = trainer.train(epoch);
      if (!Number.isFinite(loss)) {
        throw new SpectraError(
          "range",
          "diagnose",
          `the ${spec.head} network diverged: its loss is ${loss} in epoch ${epoch} at a learning rate of ${spec.learningRate}; lower learningRate`,
        );
      }
      let balancedAccuracy: number | null = null;
      if (epoch % spec.validateEvery === 0 || epoch === spec.epochs) {
        const { bags } = scorePrepared(network, variables, held, innerSizes, spec, tf);
        const chosen = choose(bags, innerLabels);
        balancedAccuracy = chosen.balancedAccuracy;
        const entropy = crossEntropy(bags, innerLabels);
        const value = balancedAccuracy ?? 0;
        if (
          !best ||
          !inner.length ||
          value > best.balancedAccuracy ||
          (value === best.balancedAccuracy && entropy < best.loss)
        ) {
          const weights = weightsOf(network, variables);
          best = { weights, epoch, threshold: chosen.threshold, balancedAccuracy: value, loss: entropy };
        }
      }
      const said = { epoch, loss, innerBalancedAccuracy: balancedAccuracy };
      history.push(said);
      options.onEpoch?.(said);
      if (options.checkpoint && epoch % options.checkpoint.every === 0 && epoch < spec.epochs) {
        const weights = weightsOf(network, variables);
        const chosen = trainer.chosen();
        await options.checkpoint.save({ epoch, weights, optimiser: optimiser.state(), chosen, best, history });
      }
      // An epoch keeps the thread to itself: here signals and messages are let in.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { weights, epoch, threshold } = best!;
    return { member: { preparation, weights, epoch, threshold }, last: weightsOf(network, variables), history };
  } finally {
    optimiser.dispose();
    tf.dispose(variables);
  }
}

function checkBags(instances: Instances, train: readonly number[], inner: readonly number[]): void {
  const both = inner.find((bag) => train.some((other) => instances.patient[other] === instances.patient[bag]));
  if (both !== undefined) {
    throw new SpectraError(
      "patients",
      "diagnose",
      `patient ${instances.patient[both]} is among the training and the inner patients; split by patient`,
    );
  }
  const positives = train.filter((bag) => instances.label[bag]).length;
  if (!positives || positives === train.length) {
    const which = positives ? "positive" : "negative";
    throw new SpectraError(
      "labels",
      "diagnose",
      `all ${train.length} training bags are ${which}; both labels are needed`,
    );
  }
}

interface Trainer {
  /** Train one epoch and give its mean loss. */
  train(epoch: number): number;
  /** The patches that it learned from, where they are chosen. */
  chosen(): Int32Array;
}

function trainerOf(
  network: Network,
  variables: Readonly<Record<string, Variable>>,
  step: (value: () => Tensor) => number,
  prepared: Prepared,
  train: readonly number[],
  instances: Instances,
  spec: MilSpec,
  { tf, seed }: TrainOptions,
  before: Int32Array | undefined,
): Trainer {
  const labels = train.map((bag) => instances.label[bag]);
  const loss = lossOf(spec, labels);
  const first = [0];
  for (const bag of train) first.push(first[first.length - 1] + instances.first[bag + 1] - instances.first[bag]);
  const labelOf = new Float32Array(first[train.length]);
  for (const [b, label] of labels.entries()) labelOf.fill(label, first[b], first[b + 1]);
  let chosen = before ?? new Int32Array();

  function trainEpoch(epoch: number): number {
    const stream = random(`${seed}/epoch/${epoch}`);
    if (spec.head !== "top-k" && spec.head !== "supervised") {
      const order = shuffle([...train.keys()], stream).filter((b) => first[b + 1] > first[b]);
      return meanOver(order, (b) =>
        step(() => bagLoss(network, variables, prepared, first, b, labels[b], loss, spec, stream, tf)),
      );
    }
    if (spec.head === "supervised") chosen = Int32Array.from(labelOf.keys());
    else if ((epoch - 1) % spec.refreshEvery === 0) {
      const logits = patchLogits(network, variables, prepared, tf);
      chosen = Int32Array.from(
        labels.flatMap((_, b) => [...topK(logits, first[b], first[b + 1], kFor(first[b + 1] - first[b], spec.k))]),
      );
    }
    const order = shuffle(chosen.slice(), stream);
    const starts = Array.from({ length: Math.ceil(order.length / spec.batch) }, (_, i) => i * spec.batch);
    return meanOver(starts, (start) => {
      const rows = order.subarray(start, start + spec.batch);
      return step(() => {
        const patches = gather(prepared, rows, spec, stream, tf);
        const truth = tf.tensor1d(Float32Array.from(rows, (row) => labelOf[row]));
        const logits = network.patchLogits(variables, network.encoder.embed(variables, patches, "train"));
        return meanLoss(tf, logits, truth, loss);
      });
    });
  }
  return { train: trainEpoch, chosen: () => chosen };
}

function bagLoss(
  network: Network,
  variables: Readonly<Record<string, Variable>>,
  prepared: Prepared,
  first: readonly number[],
  b: number,
  label: number,
  loss: Loss,
  spec: MilSpec,
  stream: ReturnType<typeof random>,
  tf: Tensorflow,
): Tensor {
  const rows = Int32Array.from({ length: first[b + 1] - first[b] }, (_, i) => first[b] + i);
  const embedded = network.encoder.embed(variables, gather(prepared, rows, spec, stream, tf), "train");
  const { logit, attention } = network.bag(variables, embedded as Tensor2D);
  const ofBag = meanLoss(tf, logit, tf.tensor1d([label]), loss);
  if (!network.instanceLoss || !attention) return ofBag;
  // Which patches are called is not learned: the attention is read as numbers.
  const weights = attention.dataSync() as Float32Array;
  const ofPatches = network.instanceLoss(variables, embedded as Tensor2D, weights, label);
  return tf.add(tf.mul(ofBag, BAG_WEIGHT), tf.mul(ofPatches, 1 - BAG_WEIGHT));
}

function takeStep(tf: Tensorflow, optimiser: Adam, learned: Variable[], value: () => Tensor): number {
  return tf.tidy(() => {
    const { value: loss, grads } = tf.variableGrads(
      () => tf.reshape(value(), []) as ReturnType<Tensorflow["scalar"]>,
      learned,
    );
    optimiser.step(grads);
    return loss.dataSync()[0];
  });
}

/** Chosen patches as a tensor; pixels are turned, mirrored and cropped where the spec says so. */
function gather(
  prepared: Prepared,
  rows: Int32Array,
  spec: MilSpec,
  stream: ReturnType<typeof random>,
  tf: Tensorflow,
): Tensor {
  const { values, shape } = prepared;
  const length = lengthOf(prepared);
  const out = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) out.set(values.subarray(row * length, (row + 1) * length), i * length);
  const shown = spec.augment && shape.length > 1 ? augment(out, shape[0], shape[2], stream) : out;
  return tf.tensor(shown, [rows.length, ...shape]);
}

function startVariables(
  network: Network,
  weights: Weights | undefined,
  seed: number | string,
  tf: Tensorflow,
): Record<string, Variable> {
  return Object.fromEntries(
    network.parameters.map(({ name, shape, trainable, start }, p) => {
      const values = weights?.tensors[p].values ?? start(random(`${seed}/start/${name}`));
      // Variables are known by their names in all of the library: the name of a parameter alone would be taken by the fold before.
      return [name, tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), trainable))];
    }),
  );
}

function weightsOf({ parameters }: Network, variables: Readonly<Record<string, Variable>>): Weights {
  return {
    tensors: parameters.map(({ name, shape }) => ({
      name,
      shape,
      values: Float32Array.from(variables[name].dataSync()),
    })),
  };
}

/** Mean cross-entropy of scores from 0 to 1. */
function crossEntropy(scores: Float64Array, labels: Uint8Array): number {
  const edge = 1e-6;
  let sum = 0;
  for (const [i, score] of scores.entries()) {
    const p = Math.min(1 - edge, Math.max(edge, score));
    sum -= Math.log(labels[i] ? p : 1 - p);
  }
  return sum / scores.length;
}

function meanOver<T>(items: readonly T[], value: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += value(item);
  return items.length ? sum / items.length : 0;
}
