import { type Gaps, gapsIn } from "../cube/axis.js";
import type { PreparedStep } from "../cube/step.js";
import { stretchesOf } from "../cube/with-bands.js";
import type { Kernels } from "../kernels/kernels.js";

/**
 * The step that keeps the bands whose entry in `kept` is 1; where that is all of them there is nothing to apply. Where bands are
 * dropped between two that are kept, the axis has a gap from then on, however far apart they are.
 */
export function selectBands(
  wavenumbers: Float64Array,
  kept: Uint8Array,
  kernels: Kernels,
  gaps: Gaps = gapsIn(wavenumbers),
): PreparedStep {
  const bands = wavenumbers.length;
  const found = stretchesOf(kept);
  if (found.length === 2 && found[1] === bands) return { wavenumbers };
  const stretches = kernels.int32(found.length);
  stretches.set(found);
  const places = Array.from(wavenumbers.keys()).filter((band) => kept[band] !== 0);
  const broken = (left: number, right: number) => right - left > 1 || gaps.includes(right);
  return {
    wavenumbers: Float64Array.from(places, (band) => wavenumbers[band]),
    gaps: [...places.keys()].filter((i) => i > 0 && broken(places[i - 1], places[i])),
    fold: { does: "select", stretches },
    apply: (values, count, out) =>
      kernels.gather(values, count, bands, stretches, stretches.length / 2, places.length, out),
    reads: (wanted) => {
      const read = new Uint8Array(bands);
      for (const [i, band] of places.entries()) read[band] = wanted[i];
      return read;
    },
  };
}
