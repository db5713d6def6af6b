import type { Moments } from "../cube/pca.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { momentAdder } from "../reduce/moments.js";
import { spectraOf, type TableRange } from "./table-range.js";

export interface SumInput extends TableRange {
  /** The fixed point that the sums are taken about, the same for all ranges of a fit. */
  readonly shift: Float32Array;
}

/** Sum the spectra of a range and their products. */
export function sumMoments(input: SumInput): Moments {
  const adder = momentAdder(input.shift, simdKernels());
  for (const { values, count } of spectraOf(input, input.to - input.from)) adder.add(values, count);
  return adder.finish();
}
