import type { Gaps } from "./axis.js";

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

/** Gives unusable pixels a reason code (see `rejected.ts`); a pixel that has one keeps it. */
export type Mark = (values: Float32Array, count: number, rejected: Uint8Array) => void;

/**
 * A step made ready for one axis. All functions treat every spectrum by itself and change nothing but `out` or `rejected`.
 * `values` and `out` are row-major and must not overlap.
 */
export interface PreparedStep {
  /** The axis of what comes out, cm-1, ascending. */
  readonly wavenumbers: Float64Array;
  /** The gaps of that axis; missing where it is the axis that went in. */
  readonly gaps?: Gaps;
  /** Missing when the step only marks. */
  readonly apply?: (values: Float32Array, count: number, out: Float32Array) => void;
  /** What `apply` does, as data; missing where it cannot be said so. */
  readonly fold?: Fold;
  /** Looks at every band. */
  readonly mark?: Mark;
  /** The same, made ready to look only at bands that `looked` has a 1 for, and at those that its own parameters name. */
  readonly markWithin?: (looked: Uint8Array) => Mark;
  /** The bands that go into the wanted bands of what comes out, 1 a band; missing when that is all of them. */
  readonly reads?: (wanted: Uint8Array) => Uint8Array;
}
