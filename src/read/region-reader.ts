import type { Cube } from "../cube/cube.js";
import type { Spectra } from "../cube/spectra.js";
import type { Placement } from "../hdf5/open.js";
import { type Stored, toAbsorbance } from "./absorbance.js";
import { placeRegion, type Region } from "./place-region.js";
import type { ReadingFacts } from "./plan-reading.js";
import { unpack } from "./unpack.js";

/** What is known of the spectra of a cube: how they lie in their dataset, and what their numbers are. */
export interface SpectraFacts {
  readonly cube: Cube;
  readonly facts: ReadingFacts;
  readonly stored: Stored;
}

/** Reads a hyperslab of the dataset as float32. */
type ReadSlab = (start: number[], count: number[], out: Float32Array, to: Placement) => void;

/** Read rectangles of pixels as absorbance, bands ascending, whatever the order in the dataset. */
export function regionReader(
  { cube: { cols, axis }, facts, stored }: SpectraFacts,
  readSlab: ReadSlab,
): (region: Region, out?: Float32Array) => Spectra<"absorbance"> {
  const { wavenumbers, sourceOrder } = axis;
  const bands = wavenumbers.length;
  const reversed = sourceOrder === "descending";
  return ({ row, rows: height, col = 0, cols: width = cols - col }, out = new Float32Array(height * width * bands)) => {
    const values = out.subarray(0, height * width * bands);
    // Part of the columns of a list of pixels: several stretches that may share chunks, so whole rows are read and cut.
    const cut = facts.order.includes("p") && width < cols;
    const region = cut ? { row, rows: height, col: 0, cols } : { row, rows: height, col, cols: width };
    const { start, count, to } = placeRegion(facts.order, region, facts, reversed);
    const read = cut ? new Float32Array(height * cols * bands) : values;
    readSlab(start, count, read, to);
    if (cut) {
      for (let y = 0; y < height; y++) {
        const from = (y * cols + col) * bands;
        values.set(read.subarray(from, from + width * bands), y * width * bands);
      }
    }
    if (stored.unpacking) unpack(values, stored.unpacking);
    if (stored.quantity === "transmittance") toAbsorbance(values, stored.scale);
    return { quantity: "absorbance", wavenumbers, bands, count: height * width, values };
  };
}
