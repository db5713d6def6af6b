import type { Quantity } from "./spectra.js";

/** A step of a pipeline as data: it can be written to a file, posted to a worker and printed in a report. */
export interface Step {
  readonly step: "correct" | "normalise";
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * A step made ready for one axis. Both functions treat every spectrum by itself and change nothing but `out` or `rejected`.
 * `values` and `out` are row-major and must not overlap.
 */
export interface PreparedStep {
  /** The axis of what comes out, cm-1, ascending. */
  readonly wavenumbers: Float64Array;
  /** What the numbers are after this step; missing when they are what they were. */
  readonly quantity?: Quantity;
  /** Missing when the step only marks. */
  readonly apply?: (values: Float32Array, count: number, out: Float32Array) => void;
  /** Give unusable pixels a reason code (see `rejected.ts`); a pixel that has one keeps it. */
  readonly mark?: (values: Float32Array, count: number, rejected: Uint8Array) => void;
}
