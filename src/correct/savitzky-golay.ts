import { type Gaps, segments } from "../cube/axis.js";
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
  /** Away from the ends of a stretch, where the weights are those of the window's middle. */
  readonly interior: boolean;
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
  gaps?: Gaps,
): PreparedStep {
  const { window, order, derivative, edges } = filter;
  if (order >= window || derivative > order) {
    const bound = order >= window ? `below the window, ${window}` : `at least the derivative, ${derivative}`;
    throw new SpectraError("params", "correct", `${method}: parameter "order" is ${order}; it must be ${bound}`);
  }
  const weightsAt = windowWeights(window, order, derivative);
  const runs: Run[] = [];
  const starts: number[] = [];
  let outBands = 0;
  for (const [start, end] of segments(wavenumbers, gaps)) {
    const step = evenStep(wavenumbers, start, end, method);
    if (edges !== "nearest" && end - start < window) {
      throw new SpectraError(
        "params",
        "correct",
        `${method}: parameter "window" is ${window}, but the stretch ${wavenumbers[start]}–${wavenumbers[end - 1]} cm-1 has ` +
          `${end - start} band(s); use a window of at most that, cut the stretch, or take edges "nearest"`,
      );
    }
    starts.push(outBands);
    for (const run of stretchRuns(start, end, filter, weightsAt)) {
      outBands += run.end - run.first;
      runs.push({ ...run, weights: run.weights.map((weight) => weight / step ** derivative) });
    }
  }
  return { ...slidingStep(wavenumbers, runs, derivative, kernels), gaps: starts.slice(1) };
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
      runs.push({ first: band, end: interiorEnd, input: band - half, weights: centre, interior: true });
      band = interiorEnd - 1;
    } else if (edges === "interp") {
      const input = band - half < start ? start : end - window;
      runs.push({ first: band, end: band + 1, input, weights: weightsAt(band - half - input), interior: false });
    } else if (edges === "nearest") {
      const input = Math.max(start, band - half);
      const weights = new Array<number>(Math.min(end - 1, band + half) - input + 1).fill(0);
      for (const [k, weight] of centre.entries()) {
        weights[Math.min(Math.max(band - half + k, start), end - 1) - input] += weight;
      }
      runs.push({ first: band, end: band + 1, input, weights, interior: false });
    }
  }
  return runs;
}

/**
 * Runs as a step: packed for the kernels, the output bands closed up where edges were trimmed. The interior of a second derivative
 * is summed over second differences in float32, everything else over the bands in Float64.
 */
function slidingStep(
  wavenumbers: Float64Array,
  runs: readonly Run[],
  derivative: Filter["derivative"],
  kernels: Kernels,
): PreparedStep {
  const bands = wavenumbers.length;
  const placed: { run: Run; to: number }[] = [];
  let outBands = 0;
  for (const run of runs) {
    placed.push({ run, to: outBands });
    outBands += run.end - run.first;
  }
  const differenced = derivative === 2 ? placed.filter(({ run }) => run.interior) : [];
  const plain = placed.filter((one) => !differenced.includes(one));

  const packed = kernels.int32(5 * plain.length);
  const weights = kernels.float64(plain.reduce((sum, { run }) => sum + run.weights.length, 0));
  const scratch = kernels.float64(bands);
  let offset = 0;
  for (const [i, { run, to }] of plain.entries()) {
    packed.set([to, to + run.end - run.first, run.input, run.weights.length, offset], 5 * i);
    weights.set(run.weights, offset);
    offset += run.weights.length;
  }
  const differences = kernels.float32(bands);
  const stretches = differenced.map(({ run, to }) => {
    const half = differenceWeights(run.weights);
    const taps = kernels.float32(half.length);
    taps.set(half);
    return { ...run, to, taps };
  });
  const axis = runs.flatMap((run) => [...wavenumbers.subarray(run.first, run.end)]);
  return {
    wavenumbers: Float64Array.from(axis),
    apply: (values, count, out) => {
      kernels.slidingSum(values, count, bands, packed, plain.length, weights, scratch, outBands, out);
      for (const { first, end, to, taps } of stretches) {
        // biome-ignore format: one call, in the kernel's order
        kernels.sumDifferences(values, count, bands, first, end, taps, taps.length, differences, to, outBands, out);
      }
    },
    reads: (wanted) => {
      const read = new Uint8Array(bands);
      for (const { run, to } of placed) {
        for (let i = 0; i < run.end - run.first; i++) {
          if (wanted[to + i]) read.fill(1, run.input + i, run.input + i + run.weights.length);
        }
      }
      return read;
    },
  };
}

/**
 * The weights u of second differences that give the same sum as symmetric weights w of bands, from the middle outwards:
 * w[k] = u[k − 1] − 2·u[k] + u[k + 1], so u[j] = Σ over k > j of (k − j)·w[k]. It takes Σ w = 0, as in a second derivative.
 */
function differenceWeights(weights: readonly number[]): number[] {
  const half = (weights.length - 1) / 2;
  const outer = weights.slice(half + 1);
  return outer.map((_, j) => outer.reduce((sum, weight, i) => sum + Math.max(0, i + 1 - j) * weight, 0));
}
