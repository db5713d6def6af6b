import type { PreparedStep, Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { type Method, method, prepareStep } from "../kernels/method.js";
import { baselineAsymmetricParams, prepareBaselineAsymmetric } from "./baseline-asymmetric.js";
import { baselineLinearParams, prepareBaselineLinear } from "./baseline-linear.js";
import { baselinePolynomialParams, prepareBaselinePolynomial } from "./baseline-polynomial.js";
import { baselineRubberbandParams, prepareBaselineRubberband } from "./baseline-rubberband.js";
import { baselineTwoPointParams, prepareBaselineTwoPoint } from "./baseline-two-point.js";
import { cutParams, prepareCut } from "./cut.js";
import { derivativeParams, prepareDerivative } from "./derivative.js";
import { keepParams, prepareKeep } from "./keep.js";
import { offsetParams, prepareOffset } from "./offset.js";
import { prepareQuality, qualityParams } from "./quality.js";
import { prepareResample, resampleParams } from "./resample.js";
import { prepareSmooth, smoothParams } from "./smooth.js";

/** Every correction by its name in pipeline files. */
export const correctMethods: Readonly<Record<string, Method>> = {
  quality: method("correct", "quality", qualityParams, prepareQuality),
  keep: method("correct", "keep", keepParams, prepareKeep),
  cut: method("correct", "cut", cutParams, prepareCut),
  resample: method("correct", "resample", resampleParams, prepareResample),
  offset: method("correct", "offset", offsetParams, prepareOffset),
  "baseline-two-point": method("correct", "baseline-two-point", baselineTwoPointParams, prepareBaselineTwoPoint),
  "baseline-linear": method("correct", "baseline-linear", baselineLinearParams, prepareBaselineLinear),
  "baseline-rubberband": method("correct", "baseline-rubberband", baselineRubberbandParams, prepareBaselineRubberband),
  "baseline-polynomial": method("correct", "baseline-polynomial", baselinePolynomialParams, prepareBaselinePolynomial),
  "baseline-asymmetric": method("correct", "baseline-asymmetric", baselineAsymmetricParams, prepareBaselineAsymmetric),
  smooth: method("correct", "smooth", smoothParams, prepareSmooth),
  derivative: method("correct", "derivative", derivativeParams, prepareDerivative),
};

/** Make a step of `correct` ready for an axis; a wrong method or parameter is refused with what is allowed. */
export function prepareCorrect(step: Step, wavenumbers: Float64Array, kernels: Kernels): PreparedStep {
  return prepareStep(correctMethods, step, wavenumbers, kernels);
}
