import type { BinaryScores } from "../cube/diagnosis-findings.js";
import type { Figure } from "../cube/findings.js";
import { scoreNames } from "./binary-scores.js";
import { tooFew } from "./interval.js";
import { jackknife, jackknifeVariance } from "./jackknife.js";
import { type MethodScores, repeatsOf, scoresOfRepeats } from "./pooled-scores.js";
import { studentQuantile } from "./student.js";
import { wilsonAt } from "./wilson.js";

/**
 * By how much the figures of one method are above those of another on the same bags, with 95 % intervals: both are counted again without
 * each patient in turn, and Student's t taken of the difference. Where no patient moves it, it is known no better than a share of none in
 * so many patients, unless the methods give the same scores and thresholds.
 */
export function pairedDifference(one: MethodScores, other: MethodScores): BinaryScores<Figure> {
  const [a, b] = [one, other].map(repeatsOf);
  const { count: patients, positive, negative } = a.patients;
  const width = scoreNames.length;
  const both = new Float64Array(2 * width);
  const { values, left } = jackknife(patients, width, (times, out) => {
    scoresOfRepeats(a.repeats, times, both.subarray(0, width));
    scoresOfRepeats(b.repeats, times, both.subarray(width));
    for (let s = 0; s < width; s++) out[s] = both[s] - both[width + s];
  });
  const few = tooFew({ patients, cohort: patients, oneClass: positive + negative <= patients });
  const equal = JSON.stringify(a.repeats) === JSON.stringify(b.repeats);
  const counts = { pixels: 0, cores: one.labels.length, patients };
  const figures = scoreNames.map((_, s): Figure => {
    const value = Number.isFinite(values[s]) ? values[s] : null;
    if (value === null) return { value, unit: "1", reason: "not defined for one of the two" };
    if (equal) return { value, unit: "1", interval: [0, 0], counts, reason: "the two give the same scores" };
    if (few?.interval === false) return { value, unit: "1", counts, reason: few.reason };
    if (!left[s].every(Number.isFinite)) {
      return { value, unit: "1", counts, reason: "no interval: without one of the patients it is not defined" };
    }
    const error = Math.sqrt(jackknifeVariance(left[s]));
    const half = error > 1e-12 ? studentQuantile(patients - 1) * error : wilsonAt(0, patients)[1];
    return { value, unit: "1", interval: [Math.max(-1, value - half), Math.min(1, value + half)], counts };
  });
  return Object.fromEntries(scoreNames.map((name, s) => [name, figures[s]])) as unknown as BinaryScores<Figure>;
}
