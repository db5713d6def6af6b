import type { Gaps } from "../cube/axis.js";
import { reasonCode } from "../cube/rejected.js";
import type { Quantity } from "../cube/spectra.js";
import type { Step } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { planSteps, prepareTidy } from "./plan.js";

/** Spectra that a path takes at the most. */
export const BLOCK = 256;

/** Spectra that came through; overwritten by the next call. Row i of `values` is pixel `pixels[i]` of what went in. */
export interface Through {
  values: Float32Array;
  kept: number;
  readonly pixels: Int32Array;
}

/** The steps of a pipeline made ready for one axis. */
export interface Path {
  /** The axis of what comes out, cm-1, ascending. */
  readonly wavenumbers: Float64Array;
  /** Where it has gaps. */
  readonly gaps: Gaps;
  readonly quantity: Quantity;
  /**
   * Take up to BLOCK spectra, in an array from the kernels' room, through the steps. Pixels that are rejected on the way get a
   * reason code and leave the block; the rest close up.
   */
  run(values: Float32Array, count: number, rejected: Uint8Array): Through;
  /** The same without the last look for NaN, for a caller who sees NaN himself and then calls `refuseNotFinite`. */
  runUnchecked(values: Float32Array, count: number, rejected: Uint8Array): Through;
  /** Reject what came out of the last run with NaN or an infinity, and close the rest up. */
  refuseNotFinite(rejected: Uint8Array): Through;
}

const NOT_FINITE = reasonCode("not finite");

/** Make the steps ready, in as few passes as the plan finds. Buffers come from the kernels' room. */
export function preparePath(steps: readonly Step[], wavenumbers: Float64Array, kernels: Kernels): Path {
  const { passes, wavenumbers: axis, gaps: axisGaps, quantity } = planSteps(steps, wavenumbers, kernels);
  const closeUp = new Map(
    [...passes.map(({ bandsOut }) => bandsOut), axis.length].map((bands) => [
      bands,
      prepareTidy(bands, bands, [], kernels),
    ]),
  );
  const widest = Math.max(wavenumbers.length, ...passes.map(({ bandsOut }) => bandsOut));
  const buffers = [kernels.float32(BLOCK * widest), kernels.float32(BLOCK * widest)];
  const pixels = new Int32Array(BLOCK);
  const whole = kernels.int32(2);
  whole.set([0, axis.length]);
  const rows = kernels.int32(BLOCK);
  const codes = kernels.uint8(BLOCK);
  const through: Through = { values: buffers[0], kept: 0, pixels };
  /** Whether rows have been let go since they last stood one after another. */
  let gaps = false;
  let turn = 0;

  /** Let the rows with a code go: `rows` lists those that stay. */
  const letGo = (rejected: Uint8Array) => {
    let left = 0;
    for (let row = 0; row < through.kept; row++) {
      if (codes[row]) rejected[pixels[row]] = codes[row];
      else {
        rows[left] = row;
        pixels[left++] = pixels[row];
      }
    }
    gaps = left < through.kept;
    through.kept = left;
  };
  /** Write the listed rows to the buffer that is free. */
  const advance = (apply: NonNullable<ReturnType<typeof prepareTidy>>) => {
    apply(through.values, rows, through.kept, buffers[turn]);
    through.values = buffers[turn];
    turn ^= 1;
  };
  const standTogether = (bands: number) => {
    if (gaps) {
      advance(closeUp.get(bands)!);
      for (let row = 0; row < through.kept; row++) rows[row] = row;
    }
    gaps = false;
  };

  function runUnchecked(values: Float32Array, count: number, rejected: Uint8Array): Through {
    through.values = values;
    through.kept = count;
    gaps = false;
    turn = 0;
    for (let pixel = 0; pixel < count; pixel++) pixels[pixel] = rows[pixel] = pixel;
    codes.set(rejected.subarray(0, count));
    for (const { kind, mark, apply, bandsIn } of passes) {
      if (kind !== "tidy") standTogether(bandsIn);
      if (mark) {
        mark(through.values, through.kept, codes);
        letGo(rejected);
        codes.fill(0, 0, through.kept);
      } else if (apply && through.kept) {
        advance(apply);
        for (let row = 0; row < through.kept; row++) rows[row] = row;
        gaps = false;
      }
    }
    standTogether(axis.length);
    return through;
  }

  function refuseNotFinite(rejected: Uint8Array): Through {
    // A step may find a spectrum it has no answer for, such as one without an amide I band to divide by: it gives NaN.
    codes.fill(0, 0, through.kept);
    kernels.markNotFinite(through.values, through.kept, axis.length, whole, 1, codes, NOT_FINITE);
    letGo(rejected);
    standTogether(axis.length);
    return through;
  }

  return {
    wavenumbers: axis,
    gaps: axisGaps,
    quantity,
    run(values, count, rejected) {
      runUnchecked(values, count, rejected);
      return refuseNotFinite(rejected);
    },
    runUnchecked,
    refuseNotFinite,
  };
}
