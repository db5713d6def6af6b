import { prepareCorrect } from "../correct/prepare.js";
import { SpectraError } from "../cube/errors.js";
import { reasonCode } from "../cube/rejected.js";
import type { Quantity } from "../cube/spectra.js";
import type { PreparedStep, Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { prepareNormalise } from "../normalise/prepare.js";

/** Spectra handled together: 256 × 676 bands are 0.7 MB, which stays in a core's cache from the first step to the last. */
export const BLOCK = 256;

/** The steps of a pipeline made ready for one axis. */
export interface Path {
  /** The axis of what comes out, cm-1, ascending. */
  readonly wavenumbers: Float64Array;
  readonly quantity: Quantity;
  /**
   * Take up to BLOCK spectra, in an array from the kernels' room, through the steps. Pixels that are rejected on the way get a reason code and leave the block;
   * the rest close up: row i of `values` in the answer is pixel `pixels[i]` of the input. The answer is overwritten by the next call.
   */
  run(
    values: Float32Array,
    count: number,
    rejected: Uint8Array,
  ): { values: Float32Array; kept: number; pixels: Int32Array };
}

const NOT_FINITE = reasonCode("not finite");

/** Make the steps ready, in order; each step's axis is the next one's. Buffers come from the kernels' room. */
export function preparePath(steps: readonly Step[], wavenumbers: Float64Array, kernels: Kernels): Path {
  const prepared: { step: PreparedStep; bands: number }[] = [];
  let axis = wavenumbers;
  let quantity: Quantity = "absorbance";
  for (const step of steps) {
    const ready = (step.step === "correct" ? prepareCorrect : prepareNormalise)(step, axis, kernels);
    prepared.push({ step: ready, bands: axis.length });
    axis = ready.wavenumbers;
    // A normalised derivative is still a derivative.
    if (ready.quantity && !quantity.endsWith("derivative")) quantity = ready.quantity;
    if (axis.length < 2) {
      throw new SpectraError(
        "range",
        `${step.step} ${step.method}`,
        `the step leaves ${axis.length} band(s); widen its ranges`,
      );
    }
  }
  const widest = Math.max(wavenumbers.length, ...prepared.map(({ step }) => step.wavenumbers.length));
  const buffers = [kernels.float32(BLOCK * widest), kernels.float32(BLOCK * widest)];
  const pixels = new Int32Array(BLOCK);
  const codes = kernels.uint8(BLOCK);

  function run(values: Float32Array, count: number, rejected: Uint8Array) {
    let current = values;
    let bands = wavenumbers.length;
    let kept = count;
    let turn = 0;
    for (let pixel = 0; pixel < count; pixel++) pixels[pixel] = pixel;

    /** Let the rows with a code go, and close the others up in the other buffer. */
    const dismiss = () => {
      const out = buffers[turn];
      let left = 0;
      for (let row = 0; row < kept; row++) {
        if (codes[row]) rejected[pixels[row]] = codes[row];
        else {
          out.set(current.subarray(row * bands, (row + 1) * bands), left * bands);
          pixels[left++] = pixels[row];
        }
      }
      kept = left;
      current = out;
      turn ^= 1;
    };

    codes.set(rejected.subarray(0, count));
    kernels.markNotFinite(values, count, bands, codes, NOT_FINITE);
    if (anyOf(codes, kept)) dismiss();
    for (const { step, bands: before } of prepared) {
      bands = before;
      if (step.mark) {
        codes.fill(0, 0, kept);
        step.mark(current, kept, codes);
        if (anyOf(codes, kept)) dismiss();
      }
      if (step.apply && kept) {
        step.apply(current, kept, buffers[turn]);
        current = buffers[turn];
        turn ^= 1;
      }
    }
    // A step may find a spectrum it has no answer for, such as one without an amide I band to divide by: it gives NaN.
    bands = axis.length;
    codes.fill(0, 0, kept);
    kernels.markNotFinite(current, kept, bands, codes, NOT_FINITE);
    if (anyOf(codes, kept)) dismiss();
    return { values: current, kept, pixels };
  }
  return { wavenumbers: axis, quantity, run };
}

function anyOf(codes: Uint8Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (codes[row]) return true;
  return false;
}
