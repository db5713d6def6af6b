import { prepareCorrect } from "../correct/prepare.js";
import { spacing } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";
import type { Step } from "../cube/step.js";
import { twinKernels } from "../kernels/twin-kernels.js";

/**
 * The steps that bring spectra of one axis through a pipeline fitted on another: none more where the axes agree to a hundredth of
 * their spacing, a linear resampling in front where the cube covers what the pipeline keeps of the model's range.
 * A cube that does not cover it is refused: what was not measured cannot be made up.
 */
export function alignedSteps(
  steps: readonly Step[],
  from: Float64Array,
  to: Float64Array,
  file: string,
): { steps: readonly Step[]; resampled: boolean } {
  const near = spacing(to) / 100;
  if (from.length === to.length && from.every((wavenumber, i) => Math.abs(wavenumber - to[i]) <= near)) {
    return { steps, resampled: false };
  }
  const needed = keptOf(steps, to);
  const [low, high] = [needed[0], needed[needed.length - 1]];
  const [first, last] = [from[0], from[from.length - 1]];
  if (first > low + near || last < high - near) {
    throw new SpectraError(
      "range",
      file,
      `${file} covers ${first.toFixed(1)}–${last.toFixed(1)} cm-1, ` +
        `the model needs ${low.toFixed(1)}–${high.toFixed(1)} cm-1; ` +
        "fit a model on the common range (a pipeline with a narrower keep, and training cubes cut to it)",
    );
  }
  // Within a hundredth of a step the ends may stick out; the resampling refuses to extrapolate, so they are pulled in.
  const axis = Array.from(to)
    .filter((value) => value >= first - near && value <= last + near)
    .map((value) => Math.min(Math.max(value, first), last));
  return { steps: [{ step: "correct", method: "resample", params: { axis } }, ...steps], resampled: true };
}

/** What the steps leave of an axis before the first one that does more than look or cut. */
function keptOf(steps: readonly Step[], axis: Float64Array): Float64Array {
  let left = axis;
  for (const step of steps) {
    if (step.step !== "correct" || !["quality", "keep", "cut"].includes(step.method)) break;
    left = prepareCorrect(step, left, twinKernels()).wavenumbers;
  }
  return left.length ? left : axis;
}
