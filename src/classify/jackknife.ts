/** Some statistics of a cohort, and of the cohort without each of its patients. */
export interface Jackknife {
  /** With all patients, one a statistic; NaN where the cohort has none. */
  readonly values: Float64Array;
  /** `left[statistic][p]`: without patient p. */
  readonly left: readonly Float64Array[];
}

/**
 * Measure a cohort, and again without each patient in turn. `measure` gets how many times each patient counts, 1 or 0, and writes its
 * statistics. Patients are left out, not pixels: pixels of one patient are not independent. Nothing is drawn.
 */
export function jackknife(
  patients: number,
  statistics: number,
  measure: (times: Float64Array, out: Float64Array) => void,
): Jackknife {
  const times = new Float64Array(patients).fill(1);
  const out = new Float64Array(statistics);
  measure(times, out);
  const values = out.slice();
  const left = Array.from({ length: statistics }, () => new Float64Array(patients));
  for (let p = 0; p < patients; p++) {
    times[p] = 0;
    measure(times, out);
    times[p] = 1;
    for (let s = 0; s < statistics; s++) left[s][p] = out[s];
  }
  return { values, left };
}

/** The jackknife variance of a statistic: (P − 1) / P · Σ (without p − their mean)². Quenouille and Tukey; Miller 1974, doi:10.1093/biomet/61.1.1. */
export function jackknifeVariance(left: ArrayLike<number>): number {
  const patients = left.length;
  let mean = 0;
  for (let p = 0; p < patients; p++) mean += left[p] / patients;
  let squares = 0;
  for (let p = 0; p < patients; p++) squares += (left[p] - mean) ** 2;
  return ((patients - 1) / patients) * squares;
}
