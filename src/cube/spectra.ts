import type { Gaps } from "./axis.js";

/** What the numbers of a spectrum are. A derivative is per cm-1 (second: per cm-2). */
export type Quantity = "absorbance" | "normalised" | "first-derivative" | "second-derivative";

/** Every quantity. */
export const anyQuantity: readonly Quantity[] = ["absorbance", "normalised", "first-derivative", "second-derivative"];

/** Those in which a band is a hill on a baseline, with a height and an area. */
export const hills: readonly Quantity[] = ["absorbance", "normalised"];

/** Spectra as a matrix, one spectrum a row: `values[row * bands + band]`. */
export interface Spectra<Q extends Quantity = Quantity> {
  readonly quantity: Q;
  /** cm-1, ascending. */
  readonly wavenumbers: Float64Array;
  /** Where the axis has gaps, as `keep` and `cut` leave them; told from the spacing if not given. */
  readonly gaps?: Gaps;
  readonly bands: number;
  readonly count: number;
  readonly values: Float32Array;
}

/** A block of whole image rows of a cube: `spectra` holds `rows * cols` pixels in row-major order, top row first. */
export interface Tile {
  readonly row: number;
  readonly rows: number;
  readonly cols: number;
  readonly spectra: Spectra<"absorbance">;
}

/** Spectra on the principal axes: `values[row * components + component]`. */
export interface Scores {
  readonly count: number;
  readonly components: number;
  readonly values: Float32Array;
}
