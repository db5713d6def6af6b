import { quantileSorted } from "simple-statistics";
import { random } from "../cube/random.js";

/**
 * Draw as many patients as there are, with replacement, `draws` times, and measure each draw. `measure` gets how many times
 * each patient was drawn and writes its statistics, NaN where the draw has none. For each statistic all its values in
 * order of the draws. Patients are drawn, not pixels: pixels of one patient are not independent.
 * Field and Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x (the cluster bootstrap).
 */
export function patientBootstrap(
  patients: number,
  statistics: number,
  measure: (times: Float64Array, out: Float64Array) => void,
  options: { draws: number; seed: number | string },
): Float64Array[] {
  const stream = random(options.seed).fork("bootstrap");
  const values = Array.from({ length: statistics }, () => new Float64Array(options.draws));
  const times = new Float64Array(patients);
  const out = new Float64Array(statistics);
  for (let draw = 0; draw < options.draws; draw++) {
    times.fill(0);
    for (let p = 0; p < patients; p++) times[stream.integer(patients)]++;
    measure(times, out);
    for (let s = 0; s < statistics; s++) values[s][draw] = out[s];
  }
  return values;
}

/**
 * The central 95 % of the draws that gave a number. Undefined when fewer than half of them did: then a class was missing so
 * often that the rest would speak of other cohorts than this one.
 */
export function percentileInterval(values: Float64Array): [low: number, high: number] | undefined {
  const given = values.filter((value) => !Number.isNaN(value)).sort();
  if (given.length === 0 || given.length < values.length / 2) return undefined;
  const sorted = Array.from(given);
  return [quantileSorted(sorted, 0.025), quantileSorted(sorted, 0.975)];
}
