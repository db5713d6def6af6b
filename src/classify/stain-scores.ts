import type { Figure } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { shareFigure } from "./figures.js";
import { jackknife } from "./jackknife.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "./patients.js";
import { countRows } from "./rows.js";

/** How much a stain dares, and how often it is right where it does. */
export interface StainScores {
  /** Share of the rows that are given a class. */
  readonly coverage: Figure;
  /** Share of those that is given the right one. */
  readonly accuracy: Figure;
  /** Share of all rows that is given the right one: a pixel that is not classified counts as wrong. */
  readonly rightOfAll: Figure;
}

/**
 * Coverage and accuracy of outcomes, one array of them a repeat; each figure is the mean of the repeats'. `weights` are the annotated
 * pixels that each row stands for, for the figures at the balance of the annotations; 1 if not given.
 */
export function stainScores(
  predictions: Predictions,
  repeats: readonly Uint8Array[],
  weights?: Float64Array,
): StainScores {
  const { count, truth, classNames } = predictions;
  const classes = classNames.length;
  const patients = numberPatients(predictions.patient);
  const having = patientsPerClass(pixelsByPatient(patients, truth, classes), classes);
  const oneClass = having.reduce((sum, of) => sum + of, 0) <= patients.count;
  const sums = repeats.map((outcome) => {
    const of = { all: new Float64Array(patients.count), classified: new Float64Array(patients.count) };
    const right = new Float64Array(patients.count);
    for (let row = 0; row < count; row++) {
      const p = patients.ofRow[row];
      const weight = weights?.[row] ?? 1;
      of.all[p] += weight;
      if (outcome[row] < classes) of.classified[p] += weight;
      if (outcome[row] === truth[row]) right[p] += weight;
    }
    return { ...of, right };
  });
  const { values, left } = jackknife(patients.count, 3, (times, out) => {
    out.fill(0);
    for (const { all, classified, right } of sums) {
      const [whole, dared, good] = [all, classified, right].map((of) =>
        of.reduce((sum, value, p) => sum + times[p] * value, 0),
      );
      out[0] += dared / whole / repeats.length;
      out[1] += good / dared / repeats.length;
      out[2] += good / whole / repeats.length;
    }
  });
  const counts = countRows(predictions);
  const [coverage, accuracy, rightOfAll] = [0, 1, 2].map((i) => shareFigure(values[i], left[i], counts, oneClass));
  return { coverage, accuracy, rightOfAll };
}
