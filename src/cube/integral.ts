import { type Gaps, segments } from "./axis.js";

/**
 * What to multiply the values of the bands [start, end) by, so that their sum is the integral in cm-1: the trapezoid rule over
 * the sample points, nothing interpolated at the limits, nothing counted across a gap. Never negative, whatever the order
 * in the file.
 */
export function integralWeights(wavenumbers: Float64Array, start: number, end: number, gaps?: Gaps): Float64Array {
  const weights = new Float64Array(Math.max(0, end - start));
  for (const [from, to] of segments(wavenumbers, gaps)) {
    for (let band = Math.max(from, start); band + 1 < Math.min(to, end); band++) {
      const half = (wavenumbers[band + 1] - wavenumbers[band]) / 2;
      weights[band - start] += half;
      weights[band + 1 - start] += half;
    }
  }
  return weights;
}
