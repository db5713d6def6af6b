import { SpectraError } from "../cube/errors.js";
import type { Moments } from "../cube/pca.js";
import type { Kernels } from "../kernels/kernels.js";
import { MOMENT_ROWS } from "../kernels/twin/add-moments.js";

/** Sums under way over a stream of spectra. */
export interface MomentAdder {
  /** Add spectra, `values[row * bands + band]`; with `keep` only those with `keep[row]` not 0. Any array will do. */
  add(values: Float32Array, count: number, keep?: Uint8Array): void;
  /** The sums of all that was added. Call it once, at the end. */
  finish(): Moments;
}

/**
 * Sum spectra and their products about a fixed point near the data, such as the first spectrum (rounded to float32).
 * Kept rows are gathered into blocks of 64 counted from the start of the stream, so however the stream is cut into tiles
 * the bytes are the same. Differences are float32, products are summed in float32 within a block and Float64 over the blocks.
 */
export function momentAdder(shift: ArrayLike<number>, kernels: Kernels): MomentAdder {
  const bands = shift.length;
  const side = (bands + 7) & ~7;
  const centre = kernels.float32(bands);
  centre.set(shift);
  const block = kernels.float32(bands * MOMENT_ROWS);
  const scratch = kernels.float32(side * MOMENT_ROWS);
  const sum = kernels.float64(side);
  const cross = kernels.float64(side * side);
  let filled = 0;
  let count = 0;

  const flush = () => {
    kernels.addMoments(block, filled, bands, centre, scratch, sum, cross);
    filled = 0;
  };

  return {
    add(values, rows, keep) {
      if (values.length < rows * bands) {
        throw new SpectraError("shape", "moments", `${rows} spectra of ${bands} bands need ${rows * bands} values`);
      }
      for (let row = 0; row < rows; row++) {
        if (keep?.[row] === 0) continue;
        const first = row;
        const most = Math.min(rows, first + MOMENT_ROWS - filled);
        while (row + 1 < most && keep?.[row + 1] !== 0) row++;
        block.set(values.subarray(first * bands, (row + 1) * bands), filled * bands);
        filled += row + 1 - first;
        count += row + 1 - first;
        if (filled === MOMENT_ROWS) flush();
      }
    },
    finish() {
      if (filled > 0) flush();
      const upper = new Float64Array(bands * bands);
      for (let i = 0; i < bands; i++) {
        upper.set(cross.subarray(i * side + i, i * side + bands), i * bands + i);
      }
      return { bands, count, shift: Float64Array.from(centre), sum: sum.slice(0, bands), cross: upper };
    },
  };
}

/** Moments of no spectra, about a fixed point. */
export function emptyMoments(shift: ArrayLike<number>): Moments {
  const bands = shift.length;
  return {
    bands,
    count: 0,
    shift: Float64Array.from(shift, Math.fround),
    sum: new Float64Array(bands),
    cross: new Float64Array(bands * bands),
  };
}

/**
 * The moments of both sets together, about the fixed point of the first. Where the second has another one, its sums are
 * moved by Σ(y + δ)(y + δ)ᵀ = Σyyᵀ + δΣyᵀ + Σyδᵀ + nδδᵀ. Merge in a fixed order to get the same bytes.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const { bands } = a;
  if (b.bands !== bands) {
    throw new SpectraError("shape", "moments", `moments of ${bands} and of ${b.bands} bands cannot be added`);
  }
  const delta = Float64Array.from(b.shift, (value, band) => value - a.shift[band]);
  const sum = Float64Array.from(a.sum, (value, band) => value + (b.sum[band] + b.count * delta[band]));
  const cross = a.cross.slice();
  for (let i = 0; i < bands; i++) {
    for (let j = i; j < bands; j++) {
      const moved = delta[i] * b.sum[j] + b.sum[i] * delta[j] + b.count * delta[i] * delta[j];
      cross[i * bands + j] += b.cross[i * bands + j] + moved;
    }
  }
  return { bands, count: a.count + b.count, shift: a.shift, sum, cross };
}
