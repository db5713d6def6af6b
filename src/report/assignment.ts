/** What absorbs at a wavenumber, as in `spectra/assignments.json`. */
export interface Assignment {
  /** cm-1. */
  readonly wavenumber: number;
  /** A short name for the label in a chart, such as "amide I". */
  readonly name: string;
  /** The vibration and the molecules it belongs to. */
  readonly assignment: string;
  readonly source: string;
}

/** The assignments within a range, high to low as they are read in a chart. */
export function assignmentsWithin(assignments: readonly Assignment[], low: number, high: number): Assignment[] {
  return assignments
    .filter(({ wavenumber }) => wavenumber >= low && wavenumber <= high)
    .sort((a, b) => b.wavenumber - a.wavenumber);
}
