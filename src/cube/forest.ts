/**
 * A random forest as plain data. Node i is a leaf when `left[i] === i`; otherwise a row x goes to `left[i]` when
 * `x[feature[i]] <= threshold[i]` and to `left[i] + 1` when not. All arrays run over the nodes of all trees, one tree after another.
 */
export interface Forest {
  readonly trees: number;
  readonly features: number;
  readonly classes: number;
  /** First node of each tree. */
  readonly roots: Int32Array;
  readonly feature: Uint16Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  /** For a leaf its row in `distributions`; 0 for inner nodes. */
  readonly leaf: Int32Array;
  /** `distributions[leaf * classes + k]`, each row sums to 1. */
  readonly distributions: Float32Array;
  /** Mean decrease in impurity a feature, summing to 1. */
  readonly importances: Float64Array;
  /** Share of training rows classified rightly by the trees that did not see them; NaN when not known. */
  readonly outOfBagAccuracy: number;
}
