/** One fitted tree as plain data; `left` and `leaf` count from this tree's own first node and leaf. */
export interface Tree {
  readonly feature: Uint16Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly leaf: Int32Array;
  /** `distributions[leaf * classes + k]`. */
  readonly distributions: Float32Array;
  /** Decrease of impurity a feature, summing to 1 (all 0 for a tree without a split). */
  readonly importances: Float64Array;
}

/** Trees `from` to `from + trees.length − 1` of a forest, and their votes for the rows they did not see. */
export interface TreeRange {
  readonly from: number;
  readonly trees: readonly Tree[];
  /** `outOfBag[row * classes + k]`, in units of 2⁻¹⁴ of a tree: whole numbers, so ranges may be added in any order. */
  readonly outOfBag: Int32Array;
}
