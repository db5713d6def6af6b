import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import type { Random } from "../cube/random.js";

/** One array of weights of a network. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Running statistics are kept and saved, but not learned by gradient. */
  readonly trainable: boolean;
  /** First values, drawn from the stream. */
  readonly start: (stream: Random) => Float32Array;
}

/** The tensors (variables, while training) of a network by the names of its parameters. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What turns patches into embeddings, as functions over tensors that are held elsewhere. */
export interface Encoder {
  readonly parameters: readonly Parameter[];
  /** Length of an embedding. */
  readonly width: number;
  /**
   * Patches `[n, features]`, or `[n, size, size, channels]`, to embeddings `[n, width]`. While training, running statistics among the
   * weights are brought up to date.
   */
  embed(weights: Tensors, patches: Tensor, mode: "train" | "test"): Tensor2D;
  /**
   * The last feature maps `[n, h, w, width]`, whose mean over h and w is the embedding; missing where there are no pixels.
   * `embed` is this and that mean.
   */
  maps?(weights: Tensors, patches: Tensor, mode: "train" | "test"): Tensor;
}
