import { nearestBand, spacing } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";

/** The band nearest to a wavenumber; refused when the wavenumber lies more than one spacing outside the axis. */
export function bandAt(wavenumbers: Float64Array, wavenumber: number, method: string, parameter: string): number {
  const first = wavenumbers[0];
  const last = wavenumbers[wavenumbers.length - 1];
  const step = spacing(wavenumbers);
  if (wavenumber < first - step || wavenumber > last + step) {
    throw new SpectraError(
      "params",
      "correct",
      `${method}: parameter "${parameter}" has ${wavenumber} cm-1, outside the axis ${first}–${last} cm-1`,
    );
  }
  return nearestBand(wavenumbers, wavenumber);
}
