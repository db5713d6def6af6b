import { SpectraError } from "../cube/errors.js";

/**
 * The spacing of the bands [start, end) in cm-1; refused when a step differs from their mean by more than 1 %.
 * A single band has spacing 1.
 */
export function evenStep(wavenumbers: Float64Array, start: number, end: number, method: string): number {
  if (end - start < 2) return 1;
  const mean = (wavenumbers[end - 1] - wavenumbers[start]) / (end - 1 - start);
  for (let band = start + 1; band < end; band++) {
    const step = wavenumbers[band] - wavenumbers[band - 1];
    // Axes kept as float32 or printed to two decimals stay well inside 1 %.
    if (Math.abs(step - mean) > 0.01 * mean) {
      throw new SpectraError(
        "axis",
        "correct",
        `${method} needs evenly spaced bands; the step at ${wavenumbers[band]} cm-1 is ${step}, the mean ${mean}: ` +
          `put a step "resample" before it`,
      );
    }
  }
  return mean;
}
