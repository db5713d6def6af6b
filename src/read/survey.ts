import { bandsWithin } from "../cube/axis.js";

/** Counts and ranges over spectra, added to block by block. */
export interface Survey {
  readonly pixels: number;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  /** Shares of the pixels looked at. */
  readonly shares: {
    /** With a NaN or infinite value. */
    readonly notFinite: number;
    readonly constant: number;
    /** Mean absorbance below −0.02; bare slide scatters around zero. */
    readonly negative: number;
    /** A value above 2.5. */
    readonly saturated: number;
  };
  /** Of the pixels with tissue (mean absorbance of amide I above 0.05): how many, and the median position of their maximum, cm-1. */
  readonly tissue?: { readonly pixels: number; readonly amideI: number; readonly dips: number };
  /**
   * Signal to noise of a tissue pixel, the median: height of amide I over the noise, which is the standard deviation of the
   * second differences over √6, in 1800–1900 cm-1 or, where the axis ends before, in its last 25 bands.
   */
  readonly signalToNoise?: number;
}

/** Bands in the stretch that noise is read from. */
const QUIET = 25;

export function openSurvey(wavenumbers: Float64Array): {
  add(values: Float32Array, count: number): void;
  finish(): Survey;
} {
  const bands = wavenumbers.length;
  const [first, end] = bandsWithin(wavenumbers, 1600, 1700);
  const covered = end - first > 2;
  const [quietFirst, quietEnd] = quietStretch(wavenumbers);
  let pixels = 0;
  let [minimum, maximum, sum, values] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let [notFinite, constant, negative, saturated, dips] = [0, 0, 0, 0, 0];
  const positions: number[] = [];
  const ratios: number[] = [];

  const look = (spectrum: Float32Array) => {
    let [low, high, total] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    let finite = 0;
    for (const value of spectrum) {
      if (!Number.isFinite(value)) continue;
      finite++;
      total += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // What a full-range spectrum lacks at its ends or at CO₂ says nothing of the rest.
    if (finite < bands) notFinite++;
    if (!finite) return;
    minimum = Math.min(minimum, low);
    maximum = Math.max(maximum, high);
    sum += total;
    values += finite;
    if (low === high) constant++;
    if (total < -0.02 * finite) negative++;
    if (high > 2.5) saturated++;
    if (!covered) return;
    let [best, mean, lowest] = [first, 0, first];
    for (let band = first; band < end; band++) {
      mean += spectrum[band] / (end - first);
      if (spectrum[band] > spectrum[best]) best = band;
      if (spectrum[band] < spectrum[lowest]) lowest = band;
    }
    if (!(mean >= 0.05)) return;
    positions.push(wavenumbers[best]);
    // In transmittance the band is a dip: its lowest point lies inside the range, its highest at an end.
    if (lowest > first + 1 && lowest < end - 2 && (best <= first + 1 || best >= end - 2)) dips++;
    const base = Math.min(spectrum[first], spectrum[end - 1]);
    const noise = noiseOf(spectrum, quietFirst, quietEnd);
    if (noise > 0) ratios.push((spectrum[best] - base) / noise);
  };

  return {
    add(block, count) {
      for (let pixel = 0; pixel < count; pixel++) look(block.subarray(pixel * bands, (pixel + 1) * bands));
      pixels += count;
    },
    finish: () => ({
      pixels,
      minimum: values ? minimum : null,
      maximum: values ? maximum : null,
      mean: values ? sum / values : null,
      shares: {
        notFinite: notFinite / pixels,
        constant: constant / pixels,
        negative: negative / pixels,
        saturated: saturated / pixels,
      },
      ...(positions.length && {
        tissue: { pixels: positions.length, amideI: median(positions), dips: dips / positions.length },
      }),
      ...(ratios.length && { signalToNoise: median(ratios) }),
    }),
  };
}

/** The bands from 1800 to 1900 cm-1, where tissue has none; the highest bands of the axis where it ends before. */
function quietStretch(wavenumbers: Float64Array): [start: number, end: number] {
  const [start, end] = bandsWithin(wavenumbers, 1800, 1900);
  return end - start >= 8 ? [start, end] : [Math.max(0, wavenumbers.length - QUIET), wavenumbers.length];
}

function noiseOf(spectrum: Float32Array, start: number, end: number): number {
  let squares = 0;
  let count = 0;
  for (let band = start + 1; band + 1 < end; band++, count++) {
    squares += (spectrum[band - 1] - 2 * spectrum[band] + spectrum[band + 1]) ** 2;
  }
  // Var(a − 2b + c) = 6 σ² for white noise.
  return count ? Math.sqrt(squares / count / 6) : 0;
}

function median(numbers: number[]): number {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[sorted.length >> 1];
}
