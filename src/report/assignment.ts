/** What absorbs at a wavenumber, as in `spectra/assignments.json`. */
export interface Assignment {
  /** cm-1. */
  readonly wavenumber: number;
  /** A short name for the label in a chart, such as "amide I". */
  readonly name: string;
  /** The vibration and the molecules it belongs to. */
  readonly assignment: string;
  readonly source: string;
  /** How the table knows: "read in the source", "fitted to real", "recalled". */
  readonly origin?: string;
}

/** The assignments within a range, high to low as they are read in a chart. */
export function assignmentsWithin(assignments: readonly Assignment[], low: number, high: number): Assignment[] {
  return assignments
    .filter(({ wavenumber }) => wavenumber >= low && wavenumber <= high)
    .sort((a, b) => b.wavenumber - a.wavenumber);
}

/** Leave out what bears the same name within 10 cm-1 of one before it: sources that agree need one label. */
export function distinctBands(assignments: readonly Assignment[]): Assignment[] {
  const kept: Assignment[] = [];
  for (const band of assignments) {
    const near = (other: Assignment) => other.name === band.name && Math.abs(other.wavenumber - band.wavenumber) <= 10;
    if (!kept.some(near)) kept.push(band);
  }
  return kept;
}
