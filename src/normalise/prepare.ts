import type { PreparedStep, Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { type Method, method, prepareStep } from "../kernels/method.js";
import { amideIAreaParams, prepareAmideIArea } from "./amide-i-area.js";
import { amideIHeightParams, prepareAmideIHeight } from "./amide-i-height.js";
import { areaNormParams, prepareAreaNorm } from "./area-norm.js";
import { minMaxParams, prepareMinMax } from "./min-max.js";
import { prepareSnv, snvParams } from "./snv.js";
import { prepareVectorNorm, vectorNormParams } from "./vector-norm.js";

/** Every normalisation by its name in pipeline files. */
export const normaliseMethods: Readonly<Record<string, Method>> = {
  vector: method("normalise", "vector", vectorNormParams, prepareVectorNorm),
  "amide-i-height": method("normalise", "amide-i-height", amideIHeightParams, prepareAmideIHeight),
  "amide-i-area": method("normalise", "amide-i-area", amideIAreaParams, prepareAmideIArea),
  area: method("normalise", "area", areaNormParams, prepareAreaNorm),
  "min-max": method("normalise", "min-max", minMaxParams, prepareMinMax),
  snv: method("normalise", "snv", snvParams, prepareSnv),
};

/** Make a step of `normalise` ready for an axis; a wrong method or parameter is refused with what is allowed. */
export function prepareNormalise(step: Step, wavenumbers: Float64Array, kernels: Kernels): PreparedStep {
  return prepareStep(normaliseMethods, step, wavenumbers, kernels);
}
