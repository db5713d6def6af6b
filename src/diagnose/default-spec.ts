import type { EncoderKind, HeadKind, MilSpec } from "../cube/mil.js";

const common: MilSpec = {
  encoder: "features",
  head: "top-k",
  hidden: 32,
  components: 0,
  k: "rule",
  test: "mean-top-k",
  loss: { kind: "focal", gamma: 2, alpha: "balance" },
  learningRate: 3e-3,
  weightDecay: 1e-2,
  epochs: 200,
  batch: 32,
  refreshEvery: 1,
  validateEvery: 5,
  augment: false,
  scaling: "training",
};

const attention: Partial<MilSpec> = {
  loss: { kind: "cross-entropy" },
  learningRate: 5e-4,
  epochs: 20,
  validateEvery: 2,
};

const changes: Record<HeadKind, Partial<MilSpec>> = {
  "top-k": {},
  mean: { ...attention, epochs: 20 },
  attention,
  "gated-attention": attention,
  clam: attention,
  // Every patch of every bag is learned from, so that an epoch is long and few will do.
  supervised: {
    loss: { kind: "cross-entropy" },
    learningRate: 1e-3,
    weightDecay: 1e-4,
    batch: 32,
    epochs: 20,
    validateEvery: 2,
  },
};

/** What a head is trained with if nothing else is asked for. */
export function defaultSpec(head: HeadKind, encoder: EncoderKind = "features"): MilSpec {
  const pixels: Partial<MilSpec> =
    encoder === "features" ? {} : { encoder, augment: true, refreshEvery: 5, epochs: 120 };
  return { ...common, ...changes[head], ...pixels, head };
}

/**
 * Top-k max pooling literally as published: the 15 highest patches, focal loss, Adam at 10⁻³ with weight decay 10⁻⁴, 200 epochs,
 * batches of 32, a bag scored by its highest patch. α and γ are not given there; ours.
 * Source: Theranostics 2023; 13:1342, doi:10.7150/thno.81784.
 */
export function paperSpec(): MilSpec {
  const published = { learningRate: 1e-3, weightDecay: 1e-4, epochs: 200, batch: 32, validateEvery: 10 };
  return { ...common, ...published, encoder: "resnext50", k: 15, test: "max", augment: true };
}
