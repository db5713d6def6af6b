import type { Figure } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { concordance, resampledAuc } from "./concordance.js";
import { areaFigure } from "./figures.js";
import { jackknife } from "./jackknife.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "./patients.js";
import { countRows, selectRows } from "./rows.js";

/**
 * One class against one other: the AUC over the pixels of these two alone, by the share a / (a + b) of their probabilities, one half where
 * both are 0. The mean of the repeats. Easy classes, which lift every class against all others, have no part in it.
 */
export function pairAuc(repeats: readonly Predictions[], [a, b]: readonly [a: number, b: number]): Figure {
  const rows = [...repeats[0].truth.keys()].filter((row) => [a, b].includes(repeats[0].truth[row]));
  const two = repeats.map((of) => selectRows(of, rows));
  const [first] = two;
  const counts = countRows(first);
  const patients = numberPatients(first.patient);
  const classes = first.classNames.length;
  const having = patientsPerClass(pixelsByPatient(patients, first.truth, classes), classes);
  const pairs = two.map((of) => concordance(sharesOf(of, a, b), of.truth, a, patients.ofRow, patients.count));
  const { values, left } = jackknife(patients.count, 1, (times, out) => {
    out[0] = pairs.reduce((sum, of) => sum + resampledAuc(of, times), 0) / pairs.length;
  });
  return areaFigure(values[0], left[0], counts, {
    patients: Math.min(having[a], having[b]),
    cohort: patients.count,
    oneClass: having[a] + having[b] <= patients.count,
  });
}

function sharesOf({ count, classNames, probabilities }: Predictions, a: number, b: number): Float32Array {
  const classes = classNames.length;
  return Float32Array.from({ length: count }, (_, row) => {
    const [pa, pb] = [probabilities[row * classes + a], probabilities[row * classes + b]];
    return pa + pb > 0 ? pa / (pa + pb) : 0.5;
  });
}
