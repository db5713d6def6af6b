import { SpectraError } from "./errors.js";

/** Says of a file what is wrong with it: throws where something does not hold. */
export type Demand = (holds: boolean, what: string) => void;

/** Demands on a file that was read, such as a model: `PATH is a damaged model: WHAT`. */
export function demandsOn(path: string, name: string): Demand {
  return (holds, what) => {
    if (!holds) throw new SpectraError("format", path, `${path} is a damaged ${name}: ${what}; make it anew`);
  };
}

/** Whether every value is a number, and not infinite. */
export function allFinite(values: ArrayLike<number>): boolean {
  return allWithin(values, -Number.MAX_VALUE, Number.MAX_VALUE);
}

/** Whether every value lies within, ends included; NaN does not. */
export function allWithin(values: ArrayLike<number>, low: number, high: number): boolean {
  for (let i = 0; i < values.length; i++) if (!(values[i] >= low && values[i] <= high)) return false;
  return true;
}

/** Whether these can be wavenumbers: above zero, finite, each above the one before, two of them at least. */
export function isAxis(wavenumbers: ArrayLike<number>): boolean {
  if (wavenumbers.length < 2 || !allFinite(wavenumbers) || !(wavenumbers[0] > 0)) return false;
  for (let i = 1; i < wavenumbers.length; i++) if (!(wavenumbers[i] > wavenumbers[i - 1])) return false;
  return true;
}
