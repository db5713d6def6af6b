import type { z } from "zod";
import type { Gaps } from "../cube/axis.js";
import { anyQuantity, hills, type Quantity } from "../cube/spectra.js";
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

/** Without the report of how many solves each spectrum took. */
function prepareAsymmetric(
  wavenumbers: Float64Array,
  params: z.output<typeof baselineAsymmetricParams>,
  kernels: Kernels,
): PreparedStep {
  return prepareBaselineAsymmetric(wavenumbers, params, kernels);
}

/**
 * Every correction by its name in pipeline files. The limits of `quality` are in absorbance, so it takes nothing else. A baseline under
 * a derivative has no meaning, and the derivative of a derivative is not the order that it says; a baseline of a spectrum that
 * was only scaled or shifted is the same baseline, scaled and shifted. What is linear in the bands takes everything.
 */
export const correctMethods: Readonly<Record<string, Method>> = {
  quality: method("correct", "quality", qualityParams, prepareQuality, { takes: ["absorbance"] }),
  keep: method("correct", "keep", keepParams, prepareKeep, { takes: anyQuantity }),
  cut: method("correct", "cut", cutParams, prepareCut, { takes: anyQuantity }),
  resample: method("correct", "resample", resampleParams, prepareResample, { takes: anyQuantity }),
  offset: method("correct", "offset", offsetParams, prepareOffset, { takes: hills }),
  "baseline-two-point": method("correct", "baseline-two-point", baselineTwoPointParams, prepareBaselineTwoPoint, {
    takes: hills,
  }),
  "baseline-linear": method("correct", "baseline-linear", baselineLinearParams, prepareBaselineLinear, {
    takes: hills,
  }),
  "baseline-rubberband": method("correct", "baseline-rubberband", baselineRubberbandParams, prepareBaselineRubberband, {
    takes: hills,
  }),
  "baseline-polynomial": method("correct", "baseline-polynomial", baselinePolynomialParams, prepareBaselinePolynomial, {
    takes: hills,
  }),
  "baseline-asymmetric": method("correct", "baseline-asymmetric", baselineAsymmetricParams, prepareAsymmetric, {
    takes: hills,
  }),
  smooth: method("correct", "smooth", smoothParams, prepareSmooth, { takes: anyQuantity }),
  derivative: method("correct", "derivative", derivativeParams, prepareDerivative, {
    takes: hills,
    gives: derivativeOf,
  }),
};

/** Make a step of `correct` ready for an axis; a wrong method or parameter is refused with what is allowed. */
export function prepareCorrect(step: Step, wavenumbers: Float64Array, kernels: Kernels, gaps?: Gaps): PreparedStep {
  return prepareStep(correctMethods, step, wavenumbers, kernels, gaps);
}

function derivativeOf(_taken: Quantity, params: Step["params"]): Quantity {
  return params.derivative === 1 ? "first-derivative" : "second-derivative";
}
