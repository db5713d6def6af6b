import type { Quantity } from "./spectra.js";

/** A step of a pipeline as data: it can be written to a file, posted to a worker and printed in a report. */
export interface Step {
  readonly step: "correct" | "normalise";
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * A step said as data, where one kernel can do it together with its neighbours (`tidy`). The arrays lie in the room that the step
 * was made ready in. `first` and `end` are the bands of an area or a peak; for the deviation `first` is ddof.
 */
export type Fold =
  | { readonly does: "select"; readonly stretches: Int32Array }
  | { readonly does: "line"; readonly nodes: Int32Array; readonly ramp: Float32Array }
  | {
      readonly does: "scale";
      readonly by: "length" | "area" | "peak" | "range" | "deviation";
      readonly weights?: Float64Array;
      readonly first?: number;
      readonly end?: number;
    };

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
  /** What `apply` does, as data; missing where it cannot be said so. */
  readonly fold?: Fold;
  /** Give unusable pixels a reason code (see `rejected.ts`); a pixel that has one keeps it. */
  readonly mark?: (values: Float32Array, count: number, rejected: Uint8Array) => void;
}
