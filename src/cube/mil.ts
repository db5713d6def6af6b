import type { InputFinding } from "./findings.js";

/** How the probabilities or features of patches become one score of a bag. */
export type HeadKind = "top-k" | "mean" | "attention" | "gated-attention" | "clam" | "supervised";

/** What looks at a patch: its features as they were cached, or a network over its pixels. */
export type EncoderKind = "features" | "cnn" | "resnext50";

/** A multiple-instance network and its training, as plain data: it is posted to workers, kept in the model and printed. */
export interface MilSpec {
  readonly encoder: EncoderKind;
  readonly head: HeadKind;
  /** Units of the hidden layer of the features encoder. */
  readonly hidden: number;
  /** Principal components of the features, fitted on the training patients; 0 leaves the features as they are. */
  readonly components: number;
  /** Patches a bag that are learned from and averaged: a number, or "rule" for clamp(round(0.03 · n), 1, 15). */
  readonly k: number | "rule";
  /** How a pooling head scores a bag it is tested on. */
  readonly test: "mean-top-k" | "max" | "noisy-or" | "log-sum-exp";
  readonly loss:
    | { readonly kind: "cross-entropy" }
    | { readonly kind: "focal"; readonly gamma: number; readonly alpha: number | "balance" };
  readonly learningRate: number;
  /** Added to the gradient, as L2. */
  readonly weightDecay: number;
  readonly epochs: number;
  /** Patches a step of a pooling head; bags are taken one by one by attention heads. */
  readonly batch: number;
  /** Every how many epochs all training patches are ranked anew. */
  readonly refreshEvery: number;
  /** Every how many epochs the inner patients are scored. */
  readonly validateEvery: number;
  /** Pixels are turned, mirrored and cropped while training. */
  readonly augment: boolean;
  /** z-scores by the training patients' mean and SD, or by each patch's own. */
  readonly scaling: "training" | "instance";
}

/** Weights of one trained network, each with its name and shape. */
export interface Weights {
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
}

/** What a network is fed: fitted on training patients only. */
export interface Preparation {
  /** Mean and SD of each feature (or image channel) over the training instances. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Principal components of the scaled features, `loadings[component * features + f]`; missing when none were asked for. */
  readonly loadings?: Float64Array;
}

/** A trained network. */
export interface MilMember {
  readonly preparation: Preparation;
  readonly weights: Weights;
  /** The epoch that the inner patients chose. */
  readonly epoch: number;
  /** The threshold that the inner patients chose. */
  readonly threshold: number;
}

/** What a study leaves behind for new cases: an ensemble of the networks of its folds. */
export interface MilModel {
  readonly spec: MilSpec;
  readonly classNames: readonly [negative: string, positive: string];
  readonly members: readonly MilMember[];
  readonly bag: {
    /** Column of the cohort that names a bag. */
    readonly unit: "core" | "biopsy" | "patient";
    /** Key of the model that stained the bags; missing for point spectra. */
    readonly stainModel?: string;
    readonly channels: string;
    readonly featureNames: readonly string[];
    readonly geometry: "image" | "points";
    readonly pixelSizeUm?: number;
    readonly patchUm?: number;
    readonly edge: number;
  };
  /** From out-of-fold scores. Below `band[0]` a bag is negative, from `band[1]` on positive, else indeterminate; null calls none so. */
  readonly decision: {
    readonly threshold: number;
    readonly band: readonly [low: number | null, high: number | null];
    /** Platt: probability = 1 / (1 + exp(−(slope · logit(score) + intercept))). */
    readonly calibration: { readonly slope: number; readonly intercept: number };
    /** Tumour share of a bag at and above which the stain counts as positive. */
    readonly stainThreshold?: number;
    /** Fused logit = mil · logit(score) + stain · logit(tumour share) + intercept. */
    readonly fusion?: { readonly mil: number; readonly stain: number; readonly intercept: number };
  };
  /** Class of the stain that is tumour; missing where nothing was stained. */
  readonly tumour?: string;
  readonly provenance: {
    readonly version: string;
    readonly seed: number;
    readonly patients: readonly string[];
    readonly inputs: readonly InputFinding[];
    readonly stamps: readonly string[];
    /** The study's findings.json `study`, so that a report of a new case can show how good the model is. */
    readonly study: unknown;
  };
}

/** Out-of-fold scores of one method: every bag once a repeat, by a network that has seen nothing of its patient. */
export interface OutOfFold {
  readonly repeats: readonly {
    /** Score a bag. */
    readonly scores: Float64Array;
    /** The threshold of the fold that the bag was tested in, a bag. */
    readonly thresholds: Float64Array;
    /** Fold a bag. */
    readonly fold: Int32Array;
  }[];
}
