import { segments } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";
import type { PreparedStep } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { evenStep } from "./even-step.js";
import { orthonormalPolynomials } from "./orthonormal-polynomials.js";

/** A window of points, the degree fitted in it, what is taken of the fit, and what happens at the ends of a stretch. */
export interface Filter {
  readonly window: number;
  readonly order: number;
  readonly derivative: 0 | 1 | 2;
  readonly edges: "interp" | "nearest" | "trim";
}

/** Output bands [first, end) that share their weights; band first + i reads the bands from `input + i` on. */
interface Run {
  readonly first: number;
  readonly end: number;
  readonly input: number;
  readonly weights: readonly number[];
}

/**
 * The Savitzky–Golay step: each band becomes the value, or the derivative per cm-1, of the least-squares polynomial through the
 * `window` bands around it. Every contiguous stretch of the axis is filtered by itself and must be evenly spaced.
 * Source: Savitzky and Golay (1964), 10.1021/ac60214a047; edges as in scipy.signal.savgol_filter.
 */
export function savitzkyGolay(
  wavenumbers: Float64Array,
  filter: Filter,
  kernels: Kernels,
  method: string,
): PreparedStep {
  const { window, order, derivative, edges } = filter;
  if (order >= window || derivative > order) {
    const bound = order >= window ? `below the window, ${window}` : `at least the derivative, ${derivative}`;
    throw new SpectraError("params", "correct", `${method}: parameter "order" is ${order}; it must be ${bound}`);
  }
  const weightsAt = windowWeights(window, order, derivative);
  const runs: Run[] = [];
  for (const [start, end] of segments(wavenumbers)) {
    const step = evenStep(wavenumbers, start, end, method);
    if (edges !== "nearest" && end - start < window) {
      throw new SpectraError(
        "params",
        "correct",
        `${method}: parameter "window" is ${window}, but the stretch ${wavenumbers[start]}–${wavenumbers[end - 1]} cm-1 has ` +
          `${end - start} band(s); use a window of at most that, cut the stretch, or take edges "nearest"`,
      );
    }
    for (const run of stretchRuns(start, end, filter, weightsAt)) {
      runs.push({ ...run, weights: run.weights.map((weight) => weight / step ** derivative) });
    }
  }
  return slidingStep(wavenumbers, runs, kernels);
}

/** What to multiply the bands of a window by to get its polynomial, or a derivative per band, t bands from its middle. */
function windowWeights(window: number, order: number, derivative: number): (t: number) => number[] {
  const places = Array.from({ length: window }, (_, i) => i - (window - 1) / 2);
  const polynomials = orthonormalPolynomials(places, order);
  const basis = places.map((place) => polynomials(place, 0));
  return (t) => {
    const target = polynomials(t, derivative);
    return basis.map((values) => values.reduce((sum, value, k) => sum + value * target[k], 0));
  };
}

/** The runs of one stretch: its interior, and a run for every band near an end. */
function stretchRuns(
  start: number,
  end: number,
  { window, edges }: Filter,
  weightsAt: (t: number) => number[],
): readonly Run[] {
  const half = (window - 1) / 2;
  const centre = weightsAt(0);
  const runs: Run[] = [];
  for (let band = start; band < end; band++) {
    if (band - half >= start && band + half < end) {
      const interiorEnd = end - half;
      runs.push({ first: band, end: interiorEnd, input: band - half, weights: centre });
      band = interiorEnd - 1;
    } else if (edges === "interp") {
      const input = band - half < start ? start : end - window;
      runs.push({ first: band, end: band + 1, input, weights: weightsAt(band - half - input) });
    } else if (edges === "nearest") {
      const input = Math.max(start, band - half);
      const weights = new Array<number>(Math.min(end - 1, band + half) - input + 1).fill(0);
      for (const [k, weight] of centre.entries()) {
        weights[Math.min(Math.max(band - half + k, start), end - 1) - input] += weight;
      }
      runs.push({ first: band, end: band + 1, input, weights });
    }
  }
  return runs;
}

/** Runs as a step: packed for the kernel, the output bands closed up where edges were trimmed. */
function slidingStep(wavenumbers: Float64Array, runs: readonly Run[], kernels: Kernels): PreparedStep {
  const bands = wavenumbers.length;
  const packed = kernels.int32(5 * runs.length);
  const weights = kernels.float64(runs.reduce((sum, run) => sum + run.weights.length, 0));
  const scratch = kernels.float64(bands);
  let outBands = 0;
  let offset = 0;
  for (const [i, run] of runs.entries()) {
    const outEnd = outBands + run.end - run.first;
    packed.set([outBands, outEnd, run.input, run.weights.length, offset], 5 * i);
    weights.set(run.weights, offset);
    outBands = outEnd;
    offset += run.weights.length;
  }
  const axis = runs.flatMap((run) => [...wavenumbers.subarray(run.first, run.end)]);
  return {
    wavenumbers: Float64Array.from(axis),
    apply: (values, count, out) =>
      kernels.slidingSum(values, count, bands, packed, runs.length, weights, scratch, outBands, out),
  };
}
