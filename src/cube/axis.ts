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
  const factor = unitFactor(units, place);
  const wavenumbers = Float64Array.from({ length: bands }, (_, i) => (factor ? factor / values[i] : values[i]));
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
  if (!factor) refuseWavelengths(wavenumbers, place);
  return { wavenumbers, sourceOrder };
}

function unitFactor(units: string | undefined, place: string): number | undefined {
  const unit = units?.trim().toLowerCase().replaceAll("μ", "µ");
  if (!unit || /^(cm-1|cm\^-1|cm⁻¹|1\/cm|cm\*\*-1|wavenumbers?( \(?cm-1\)?)?)$/.test(unit)) return undefined;
  if (/^(µm|um|micron|microns|micrometers?|micrometres?)$/.test(unit)) return 1e4;
  if (/^(nm|nanometers?|nanometres?)$/.test(unit)) return 1e7;
  throw new SpectraError("unit", place, `the axis unit is "${units}"; known are cm-1, um and nm`);
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

/**
 * The contiguous stretches of an axis as [start, end) band indices: a step of more than 1.5 times the median spacing ends one.
 * Windows such as Savitzky–Golay's work inside a stretch, never across a cut gap.
 */
export function segments(wavenumbers: Float64Array): [start: number, end: number][] {
  const limit = 1.5 * spacing(wavenumbers);
  const found: [number, number][] = [];
  let start = 0;
  for (let i = 1; i < wavenumbers.length; i++) {
    if (wavenumbers[i] - wavenumbers[i - 1] > limit) {
      found.push([start, i]);
      start = i;
    }
  }
  found.push([start, wavenumbers.length]);
  return found;
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
