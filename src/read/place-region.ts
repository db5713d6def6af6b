import type { Placement } from "../hdf5/open.js";
import type { Order } from "./layout.js";

/** A rectangle of pixels; all columns where none are named. */
export interface Region {
  readonly row: number;
  readonly rows: number;
  readonly col?: number;
  readonly cols?: number;
}

/** The size of an image with its spectra. */
export interface ImageSize {
  readonly rows: number;
  readonly cols: number;
  readonly bands: number;
}

/** A region as a hyperslab of a dataset, and where each of its values goes in pixels by bands. */
export interface Slab {
  readonly start: number[];
  readonly count: number[];
  readonly to: Placement;
}

/**
 * Where the spectra of a region lie in a dataset, and that the value of a pixel and band goes to `[pixel * bands + band]`, bands
 * ascending: with `reversed` the dataset's last band is the first. A list of pixels can only be cut into whole rows.
 */
export function placeRegion(order: Order, region: Required<Region>, image: ImageSize, reversed: boolean): Slab {
  const { row, rows, col, cols } = region;
  const { bands } = image;
  const along = {
    r: [row, rows, cols * bands],
    c: [col, cols, bands],
    b: [0, bands, reversed ? -1 : 1],
    p: [row * image.cols, rows * image.cols, bands],
  };
  const dimensions = [...order].map((letter) => along[letter as keyof typeof along]);
  return {
    start: dimensions.map(([start]) => start),
    count: dimensions.map(([, count]) => count),
    to: { offset: reversed ? bands - 1 : 0, strides: dimensions.map(([, , stride]) => stride) },
  };
}
