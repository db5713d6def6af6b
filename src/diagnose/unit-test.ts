import type { Instances } from "../cube/bag.js";
import type { UnitTestFinding } from "../cube/diagnosis-findings.js";
import type { HeadKind } from "../cube/mil.js";
import { type Random, random } from "../cube/random.js";
import { defaultSpec } from "./default-spec.js";
import type { Tensorflow } from "./open-backend.js";
import { scoreBags } from "./score-bags.js";
import { trainBags } from "./train-bags.js";

/** Sizes of the made bags: features, patches of a bag at the most, bags to train on, and bags of each kind to be tried on. */
const FEATURES = 16;
const PATCHES = [5, 15] as const;
const TRAIN = 1600;
const TEST = 200;

const titles: Record<HeadKind, string> = {
  "top-k": "top-k max pooling",
  mean: "mean pooling",
  attention: "attention",
  "gated-attention": "gated attention",
  clam: "gated attention with instance loss (CLAM)",
  supervised: "supervised patches",
};

/**
 * The single-concept unit test: negative instances are N(0, 1); a positive bag has one to three instances of N(0, 3) or N(1, 1) among
 * them. While training, every negative bag carries a marker, one instance of N(−10, 0.1); in the poisoned bags the positive ones do.
 * A head that holds to the multiple-instance assumption, that a bag is positive because of what is in it, still orders the poisoned
 * bags; one that has learned that the marker makes a bag negative orders them backwards. Passed when the AUC of the poisoned bags is
 * at least 0.5 for every seed.
 * Source: Raff and Holt 2023, NeurIPS, "Reproducibility in Multiple Instance Learning: A Case For Algorithmic Unit Tests".
 */
export async function unitTest(
  head: HeadKind,
  {
    seeds,
    tf,
    auc,
    choose,
  }: {
    readonly seeds: readonly number[];
    readonly tf: Tensorflow;
    readonly auc: (scores: Float32Array, labels: Uint8Array) => { readonly value: number | null };
    readonly choose: Parameters<typeof trainBags>[3]["choose"];
  },
): Promise<UnitTestFinding> {
  const sameDistribution: number[] = [];
  const poisoned: number[] = [];
  // An epoch of top-k has a step for 32 bags, one of the other heads a step a bag.
  const epochs = head === "top-k" || head === "supervised" ? 60 : 2;
  const spec = {
    ...defaultSpec(head),
    k: 1,
    epochs,
    validateEvery: Math.ceil(epochs / 12),
    learningRate: 5e-3,
    weightDecay: 1e-4,
  };
  for (const seed of seeds) {
    const stream = random(`raff-holt/${seed}`);
    const learned = bagsOf(TRAIN, 0, stream.fork("train"));
    const bags = [...learned.label.keys()];
    const split = { train: bags.filter((bag) => bag % 5 !== 0), inner: bags.filter((bag) => bag % 5 === 0) };
    const { member } = await trainBags(learned, split, spec, { seed, tf, choose });
    for (const [marked, into] of [
      [0, sameDistribution],
      [1, poisoned],
    ] as const) {
      const tried = bagsOf(TEST, marked, stream.fork(`test ${marked}`));
      const scores = await scoreBags(member, tried, [...tried.label.keys()], spec, { tf });
      into.push(auc(Float32Array.from(scores.bags), tried.label).value ?? 0.5);
    }
  }
  return { head, title: titles[head], sameDistribution, poisoned, passed: poisoned.every((value) => value >= 0.5) };
}

/** Bags, every other one positive; those with label `marked` carry the marker. */
function bagsOf(count: number, marked: 0 | 1, stream: Random): Instances {
  const label = Uint8Array.from({ length: count }, (_, bag) => bag % 2);
  const first = new Int32Array(count + 1);
  const values: number[] = [];
  const add = (mean: number, deviation: number) => {
    for (let f = 0; f < FEATURES; f++) values.push(mean + deviation * stream.normal());
  };
  for (let bag = 0; bag < count; bag++) {
    const negatives = PATCHES[0] + stream.integer(PATCHES[1] - PATCHES[0] + 1);
    for (let i = 0; i < negatives; i++) add(0, 1);
    if (label[bag]) {
      const positives = 1 + stream.integer(3);
      for (let i = 0; i < positives; i++)
        if (stream.uniform() < 0.5) add(0, 3);
        else add(1, 1);
    }
    if (label[bag] === marked) add(-10, 0.1);
    first[bag + 1] = values.length / FEATURES;
  }
  return {
    features: Float32Array.from(values),
    featureNames: Array.from({ length: FEATURES }, (_, f) => `feature ${f + 1}`),
    first,
    label,
    patient: Int32Array.from(label.keys()),
  };
}
