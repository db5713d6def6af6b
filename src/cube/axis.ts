import { toWavenumber } from "./axis-unit.js";
import { SpectraError } from "./errors.js";

/** A spectral axis: wavenumbers in cm-1, strictly ascending in memory whatever the file's order. */
export interface Axis {
  readonly wavenumbers: Float64Array;
  /** The order in the file: bands were reversed on reading when it says descending. */
  readonly sourceOrder: "ascending" | "descending";
}

/**
 * Check an axis and bring it into ascending order.
 * Not finite, not positive, duplicate or unordered wavenumbers are refused, and so is an axis that can only be in µm or nm,
 * unless `units` says so: then it is converted (cm-1 = 10⁴ / µm = 10⁷ / nm).
 */
export function axisFrom(values: ArrayLike<number>, place: string, units?: string): Axis {
  const bands = values.length;
  if (bands < 2) throw new SpectraError("axis", place, `the axis has ${bands} value(s); a spectrum needs at least 2`);
  const unit = toWavenumber(units, place);
  const convert = (value: number) => {
    if (!unit) return value;
    return unit.kind === "wavelength" ? rounded(unit.over / value) : rounded(unit.times * value);
  };
  const wavenumbers = Float64Array.from({ length: bands }, (_, i) => convert(values[i]));
  for (let i = 0; i < bands; i++) {
    if (!Number.isFinite(wavenumbers[i]) || wavenumbers[i] <= 0) {
      throw new SpectraError("axis", place, `wavenumber ${i} is ${values[i]}; all must be finite and above zero`);
    }
  }
  const sourceOrder = wavenumbers[bands - 1] < wavenumbers[0] ? "descending" : "ascending";
  if (sourceOrder === "descending") wavenumbers.reverse();
  for (let i = 1; i < bands; i++) {
    if (wavenumbers[i] === wavenumbers[i - 1]) {
      throw new SpectraError("axis", place, `wavenumber ${wavenumbers[i]} occurs twice; remove the duplicate band`);
    }
    if (wavenumbers[i] < wavenumbers[i - 1]) {
      throw new SpectraError(
        "axis",
        place,
        `the axis is not in order: ${wavenumbers[i]} follows ${wavenumbers[i - 1]}; sort the bands first`,
      );
    }
  }
  if (!unit) refuseWavelengths(wavenumbers, place);
  return { wavenumbers, sourceOrder };
}

/** Without the last bits, which come from the unit and not from the file: 10⁴ / 8 µm is 1250, not 1250.0000000000002. */
function rounded(wavenumber: number): number {
  return Number(wavenumber.toPrecision(14));
}

function refuseWavelengths(wavenumbers: Float64Array, place: string): void {
  const first = wavenumbers[0];
  const last = wavenumbers[wavenumbers.length - 1];
  // The mid-infrared is 400–4000 cm-1 = 2.5–25 µm = 2500–25000 nm.
  if (last <= 50) {
    throw new SpectraError("unit", place, `an axis of ${first}–${last} looks like µm; say so with --axis-units um`);
  }
  if (last > 15000 || (first >= 2400 && last > 4500)) {
    throw new SpectraError("unit", place, `an axis of ${first}–${last} looks like nm; say so with --axis-units nm`);
  }
}

/** The middle one of the spacings, in cm-1. */
export function spacing(wavenumbers: Float64Array): number {
  const steps = Float64Array.from(
    { length: wavenumbers.length - 1 },
    (_, i) => wavenumbers[i + 1] - wavenumbers[i],
  ).sort();
  return steps[steps.length >> 1];
}

/** The bands that begin behind a gap, ascending: between band g − 1 and band g spectra were not measured, or were cut away. */
export type Gaps = readonly number[];

/**
 * The gaps of an axis as a file gives it, told by comparing each step with the steps beside it. Where the axis is even on both
 * sides, a step above 1.5 times theirs is a gap (a band is missing); elsewhere it takes 5 times. So an axis that is uniform in µm,
 * one of two spacings, and a list of discrete frequencies have no gaps of their own. What `keep` and `cut` drop is not guessed at:
 * the steps remember it.
 */
export function gapsIn(wavenumbers: ArrayLike<number>): Gaps {
  const gaps: number[] = [];
  const step = (band: number) => wavenumbers[band] - wavenumbers[band - 1];
  for (let band = 1; band < wavenumbers.length; band++) {
    // NaN beyond the ends, which no comparison finds different.
    const [left, right] = [step(band - 1), step(band + 1)];
    const even = !different(left, step(band - 2)) && !different(right, step(band + 2));
    const known = Number.isFinite(step(band - 2)) || Number.isFinite(step(band + 2));
    const beside = Math.max(left || 0, right || 0);
    if (beside > 0 && step(band) > (even && known ? 1.5 : 5) * beside) gaps.push(band);
  }
  return gaps;
}

/** Whether one of two steps is more than a fifth larger than the other. */
const different = (a: number, b: number) => a > 1.2 * b || b > 1.2 * a;

/**
 * The contiguous stretches of an axis as [start, end) band indices, between its gaps; those that `gapsIn` finds if not given.
 * Windows such as Savitzky–Golay's work inside a stretch, never across a gap.
 */
export function segments(
  wavenumbers: ArrayLike<number>,
  gaps: Gaps = gapsIn(wavenumbers),
): [start: number, end: number][] {
  const starts = [0, ...gaps];
  return starts.map((start, i) => [start, starts[i + 1] ?? wavenumbers.length]);
}

/** The index of the band nearest to a wavenumber; the lower one of two equally near. */
export function nearestBand(wavenumbers: Float64Array, wavenumber: number): number {
  let best = 0;
  for (let i = 1; i < wavenumbers.length; i++) {
    if (Math.abs(wavenumbers[i] - wavenumber) < Math.abs(wavenumbers[best] - wavenumber)) best = i;
  }
  return best;
}

/** The bands with low ≤ wavenumber ≤ high as [start, end), possibly empty. */
export function bandsWithin(wavenumbers: Float64Array, low: number, high: number): [start: number, end: number] {
  let start = 0;
  while (start < wavenumbers.length && wavenumbers[start] < low) start++;
  let end = start;
  while (end < wavenumbers.length && wavenumbers[end] <= high) end++;
  return [start, end];
}
