/** The digital stain of a cube. Pixels are row-major, origin top-left. */
export interface StainMap {
  readonly rows: number;
  readonly cols: number;
  /** Names by label value; index 0 is "unclassified". The k-th class of `probabilities` has label value `labels[k]`. */
  readonly classNames: readonly string[];
  readonly labels: Uint8Array;
  /** Label value a pixel, 0 = rejected or unclassified. */
  readonly classes: Uint8Array;
  /** `probabilities[pixel * labels.length + k]`; all zero for a pixel rejected before it was classified. */
  readonly probabilities: Float32Array;
  /** Reason code a pixel, see `rejected.ts`. */
  readonly rejected: Uint8Array;
}

/** Colours by class name, sRGB 0–255. */
export type Palette = Readonly<Record<string, readonly [number, number, number]>>;
