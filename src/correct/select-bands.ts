import type { PreparedStep } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";

/** The step that keeps the bands whose entry in `kept` is not 0; where that is all of them there is nothing to apply. */
export function selectBands(wavenumbers: Float64Array, kept: ArrayLike<number>, kernels: Kernels): PreparedStep {
  const bands = wavenumbers.length;
  const found: number[] = [];
  for (let band = 0; band < bands; band++) {
    if (!kept[band]) continue;
    if (band > 0 && kept[band - 1]) found[found.length - 1]++;
    else found.push(band, 1);
  }
  if (found.length === 2 && found[1] === bands) return { wavenumbers };
  const stretches = kernels.int32(found.length);
  stretches.set(found);
  const axis = wavenumbers.filter((_, band) => kept[band] !== 0);
  return {
    wavenumbers: axis,
    fold: { does: "select", stretches },
    apply: (values, count, out) =>
      kernels.gather(values, count, bands, stretches, stretches.length / 2, axis.length, out),
  };
}
