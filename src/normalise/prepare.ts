import type { Gaps } from "../cube/axis.js";
import { anyQuantity, hills, type Quantity } from "../cube/spectra.js";
import type { PreparedStep, Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { type Method, method, prepareStep } from "../kernels/method.js";
import { amideIAreaParams, prepareAmideIArea } from "./amide-i-area.js";
import { amideIHeightParams, prepareAmideIHeight } from "./amide-i-height.js";
import { areaNormParams, prepareAreaNorm } from "./area-norm.js";
import { minMaxParams, prepareMinMax } from "./min-max.js";
import { prepareSnv, snvParams } from "./snv.js";
import { prepareVectorNorm, vectorNormParams } from "./vector-norm.js";

/** A normalised derivative is still a derivative. */
const scaled = (taken: Quantity): Quantity => (taken === "absorbance" ? "normalised" : taken);

/**
 * Every normalisation by its name in pipeline files. The area of a derivative is about zero, and its amide I band is a dip: those three
 * want hills.
 */
export const normaliseMethods: Readonly<Record<string, Method>> = {
  vector: method("normalise", "vector", vectorNormParams, prepareVectorNorm, { takes: anyQuantity, gives: scaled }),
  "amide-i-height": method("normalise", "amide-i-height", amideIHeightParams, prepareAmideIHeight, {
    takes: hills,
    gives: scaled,
  }),
  "amide-i-area": method("normalise", "amide-i-area", amideIAreaParams, prepareAmideIArea, {
    takes: hills,
    gives: scaled,
  }),
  area: method("normalise", "area", areaNormParams, prepareAreaNorm, { takes: hills, gives: scaled }),
  "min-max": method("normalise", "min-max", minMaxParams, prepareMinMax, { takes: anyQuantity, gives: scaled }),
  snv: method("normalise", "snv", snvParams, prepareSnv, { takes: anyQuantity, gives: scaled }),
};

/** Make a step of `normalise` ready for an axis; a wrong method or parameter is refused with what is allowed. */
export function prepareNormalise(step: Step, wavenumbers: Float64Array, kernels: Kernels, gaps?: Gaps): PreparedStep {
  return prepareStep(normaliseMethods, step, wavenumbers, kernels, gaps);
}
