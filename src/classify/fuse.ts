import { sigmoid } from "../cube/sigmoid.js";
import { logistic, logit } from "./logistic.js";

/** Fused logit = mil · logit(score) + stain · logit(tumour share) + intercept. */
export interface Fusion {
  readonly mil: number;
  readonly stain: number;
  readonly intercept: number;
}

/** What keeps the weights small where few bags leave them open. */
const RIDGE = 0.1;

/** Fit the weights of the network's score and the stain's tumour share, both as logits, by logistic regression with a ridge of 0.1. */
export function fuse(scores: ArrayLike<number>, shares: ArrayLike<number>, labels: ArrayLike<number>): Fusion {
  const columns = [Array.from(scores, logit), Array.from(shares, logit)];
  const [mil, stain, intercept] = logistic(columns, labels, { ridge: RIDGE }) ?? [1, 0, 0];
  return { mil, stain, intercept };
}

/** The fused probability of each bag. */
export function applyFusion(
  { mil, stain, intercept }: Fusion,
  scores: ArrayLike<number>,
  shares: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(scores, (score, i) => sigmoid(mil * logit(score) + stain * logit(shares[i]) + intercept));
}
