import { spacing } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";
import type { Step } from "../cube/step.js";

/**
 * The steps that bring spectra of one axis through a pipeline fitted on another: none more where the axes agree to a hundredth of
 * their spacing, a linear resampling in front where the cube covers the model's range.
 * A cube that does not cover it is refused: what was not measured cannot be made up.
 */
export function alignedSteps(
  steps: readonly Step[],
  from: Float64Array,
  to: Float64Array,
  file: string,
): { steps: readonly Step[]; resampled: boolean } {
  const step = spacing(to);
  if (from.length === to.length && from.every((wavenumber, i) => Math.abs(wavenumber - to[i]) <= step / 100)) {
    return { steps, resampled: false };
  }
  const [low, high] = [to[0], to[to.length - 1]];
  if (from[0] > low + step / 100 || from[from.length - 1] < high - step / 100) {
    throw new SpectraError(
      "range",
      file,
      `${file} covers ${from[0].toFixed(1)}–${from[from.length - 1].toFixed(1)} cm-1, ` +
        `the model needs ${low.toFixed(1)}–${high.toFixed(1)} cm-1; ` +
        "fit a model on the common range (a pipeline with a narrower keep, and training cubes cut to it)",
    );
  }
  // Within a hundredth of a step the ends may stick out; the resampling refuses to extrapolate, so they are pulled in.
  const axis = Array.from(to, (value) => Math.min(Math.max(value, from[0]), from[from.length - 1]));
  return { steps: [{ step: "correct", method: "resample", params: { axis } }, ...steps], resampled: true };
}
