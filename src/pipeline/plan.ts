import { prepareCorrect } from "../correct/prepare.js";
import { type Gaps, gapsIn } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";
import { reasonCode } from "../cube/rejected.js";
import type { Quantity } from "../cube/spectra.js";
import type { Fold, PreparedStep, Step } from "../cube/step.js";
import { stretchesOf } from "../cube/with-bands.js";
import type { Kernels } from "../kernels/kernels.js";
import { scalings } from "../kernels/twin/tidy.js";
import { prepareNormalise } from "../normalise/prepare.js";
import { quantityAfter } from "./step-order.js";

/** What spectra go through between two visits to memory: one kernel, standing for one step or for several. */
export interface Pass {
  readonly kind: "check" | "tidy" | "kernel";
  readonly steps: readonly Step[];
  readonly bandsIn: number;
  readonly bandsOut: number;
  /** A check puts a code at each row that fails. */
  readonly mark?: (values: Float32Array, count: number, codes: Uint8Array) => void;
  /** A tidy takes the listed rows and closes them up; a kernel wants them closed up. */
  readonly apply?: (values: Float32Array, rows: Int32Array, count: number, out: Float32Array) => void;
}

/** The steps of a pipeline for one axis, as few passes as they can be done in. */
export interface Plan {
  readonly passes: readonly Pass[];
  /** The axis of what comes out, cm-1, ascending. */
  readonly wavenumbers: Float64Array;
  readonly gaps: Gaps;
  readonly quantity: Quantity;
}

const NOT_FINITE = reasonCode("not finite");

/** A step made ready, with the bands it reads. */
interface Ready {
  readonly step: Step;
  readonly prepared: PreparedStep;
  readonly bands: number;
}

/**
 * Lay out the passes. The first looks for NaN, together with the quality step where that comes first; both look only at bands that
 * some later step makes use of, so that what `keep` drops rejects nothing, wherever it stands. Then a selection of bands, a
 * baseline of straight pieces and a normalisation that follow each other in this order, any of them missing, become one pass: each
 * row is read once, wherever it lies, and stays in the first-level cache until it is written. A step that is none of these is a pass
 * of its own. What comes out is, to the bit, what the steps give one by one.
 */
export function planSteps(steps: readonly Step[], wavenumbers: Float64Array, kernels: Kernels): Plan {
  const quantity = quantityAfter(steps, "pipeline");
  const ready: Ready[] = [];
  let axis = wavenumbers;
  let gaps = gapsIn(wavenumbers);
  for (const step of steps) {
    const prepared = (step.step === "correct" ? prepareCorrect : prepareNormalise)(step, axis, kernels, gaps);
    ready.push({ step, prepared, bands: axis.length });
    axis = prepared.wavenumbers;
    gaps = prepared.gaps ?? gaps;
    if (axis.length < 2) {
      throw new SpectraError(
        "range",
        `${step.step} ${step.method}`,
        `the step leaves ${axis.length} band(s); widen its ranges`,
      );
    }
  }

  const wanted = wantedBands(ready, axis.length);
  const passes: Pass[] = [];
  const bands = wavenumbers.length;
  // The quality step looks for NaN itself, with the same reason.
  if (ready[0]?.step.method !== "quality") {
    const looked = stretchesOf(wanted[0]);
    const stretches = kernels.int32(looked.length);
    stretches.set(looked);
    const mark: Pass["mark"] = (values, count, codes) =>
      kernels.markNotFinite(values, count, bands, stretches, looked.length / 2, codes, NOT_FINITE);
    passes.push({ kind: "check", steps: [], bandsIn: bands, bandsOut: bands, mark });
  }
  for (let i = 0; i < ready.length; ) {
    const { step, prepared, bands } = ready[i];
    const { apply } = prepared;
    const mark = prepared.markWithin?.(wanted[i + 1]);
    const folded = foldable(ready.slice(i));
    if (mark) passes.push({ kind: "check", steps: [step], bandsIn: bands, bandsOut: bands, mark });
    if (folded.length) passes.push(tidyPass(folded, kernels));
    else if (apply) {
      const kernel: Pass["apply"] = (values, _rows, count, out) => apply(values, count, out);
      passes.push({
        kind: "kernel",
        steps: [step],
        bandsIn: bands,
        bandsOut: prepared.wavenumbers.length,
        apply: kernel,
      });
    }
    i += folded.length || 1;
  }
  return { passes, wavenumbers: axis, gaps, quantity };
}

/** Before each step, and at the end, the bands that what comes out of all of them depends on: 1 a band. */
function wantedBands(ready: readonly Ready[], outBands: number): Uint8Array[] {
  const wanted: Uint8Array[] = [new Uint8Array(outBands).fill(1)];
  for (const { prepared, bands } of [...ready].reverse()) {
    wanted.unshift(prepared.reads?.(wanted[0]) ?? new Uint8Array(bands).fill(1));
  }
  return wanted;
}

const order: Readonly<Record<Fold["does"], number>> = { select: 0, line: 1, scale: 2 };

/** The steps at the head of a list that one tidy can do: each later in its order than the one before. */
function foldable(ready: readonly Ready[]): Ready[] {
  const folded: Ready[] = [];
  let reached = -1;
  for (const one of ready) {
    const { fold } = one.prepared;
    if (!fold || order[fold.does] <= reached) break;
    reached = order[fold.does];
    folded.push(one);
  }
  return folded;
}

function tidyPass(ready: readonly Ready[], kernels: Kernels): Pass {
  const bandsIn = ready[0].bands;
  const bandsOut = ready[ready.length - 1].prepared.wavenumbers.length;
  const apply = prepareTidy(
    bandsIn,
    bandsOut,
    ready.map(({ prepared }) => prepared.fold!),
    kernels,
  );
  return { kind: "tidy", steps: ready.map(({ step }) => step), bandsIn, bandsOut, apply };
}

/** Some folds as one call of the kernel; none at all close the rows up and change no number. */
export function prepareTidy(
  bandsIn: number,
  bandsOut: number,
  folds: readonly Fold[],
  kernels: Kernels,
): NonNullable<Pass["apply"]> {
  let stretches = kernels.int32(2);
  stretches.set([0, bandsIn]);
  let nodes = kernels.int32(0);
  let ramp = kernels.float32(0);
  let scale: Extract<Fold, { does: "scale" }> | undefined;
  for (const fold of folds) {
    if (fold.does === "select") stretches = fold.stretches as Int32Array<ArrayBuffer>;
    else if (fold.does === "line") ({ nodes, ramp } = fold as { nodes: typeof nodes; ramp: typeof ramp });
    else scale = fold;
  }
  const scaling = scalings.indexOf(scale?.by ?? "none");
  const { weights = kernels.float64(0), first = 0, end = 0 } = scale ?? {};
  return (values, rows, count, out) =>
    // biome-ignore format: one call, in the kernel's order
    kernels.tidy(values, bandsIn, rows, count, stretches, stretches.length / 2, nodes, nodes.length, ramp, scaling, weights, first, end, bandsOut, out);
}
