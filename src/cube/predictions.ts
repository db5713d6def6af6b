/** Held-out predictions: what validation is counted from. Row i is one labelled pixel in one repeat. */
export interface Predictions {
  readonly count: number;
  readonly classNames: readonly string[];
  /** `probabilities[row * classNames.length + k]`. */
  readonly probabilities: Float32Array;
  /** Index into `classNames`. */
  readonly truth: Uint8Array;
  /** Index of the patient, and of the core (unique over patients). */
  readonly patient: Int32Array;
  readonly core: Int32Array;
}
