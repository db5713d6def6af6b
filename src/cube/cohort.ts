/** One cube of a study. `path` is absolute; the rest is as written in the cohort file, missing when empty. */
export interface CohortRow {
  readonly path: string;
  /** A name for outputs: unique in the cohort, made from the file name, safe as a file name. */
  readonly name: string;
  readonly patient?: string;
  readonly core?: string;
  readonly slide?: string;
  readonly mode?: string;
  /** Spellings that differ in case or blanks are one, as the first row writes it. */
  readonly label?: string;
  /** "train" or "test" from a cohort file, whatever the word there. */
  readonly split?: string;
  readonly extra: Readonly<Record<string, string>>;
}

export interface Cohort {
  /** The cohort file, or undefined when cubes were named on the command line. */
  readonly path?: string;
  readonly rows: readonly CohortRow[];
  /** What was understood otherwise than it is written, and what was passed over. */
  readonly remarks?: readonly string[];
}
