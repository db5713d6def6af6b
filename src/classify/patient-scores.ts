import type { PatientFinding } from "../cube/findings.js";
import type { Predictions } from "../cube/predictions.js";
import { macroAuc } from "./auc.js";
import { predictedClasses } from "./confusion.js";
import { pairAuc } from "./pair-auc.js";
import { countRows, selectRows } from "./rows.js";

/**
 * The scores of every patient by itself, held out, the worst first: those with the lowest accuracy of the most probable class. Areas
 * are over the pixels of that patient alone, null where it has one class. Means of the repeats.
 */
export function patientScores(
  repeats: readonly Predictions[],
  names: readonly string[],
  { outcomes, pair }: { outcomes?: readonly Uint8Array[]; pair?: readonly [a: number, b: number] } = {},
): PatientFinding[] {
  const [first] = repeats;
  const classes = first.classNames.length;
  const rowsOf = new Map<number, number[]>();
  for (const [row, id] of first.patient.entries()) {
    const rows = rowsOf.get(id);
    if (rows) rows.push(row);
    else rowsOf.set(id, [row]);
  }
  const found = [...rowsOf].map(([id, rows]): PatientFinding => {
    const own = repeats.map((of) => selectRows(of, rows));
    const shareOf = (right: (repeat: number, i: number) => boolean) =>
      mean(own.map((_, repeat) => rows.filter((_, i) => right(repeat, i)).length / rows.length))!;
    const predicted = own.map(predictedClasses);
    const [{ truth }] = own;
    const present = [...new Set(truth)].sort((a, b) => a - b);
    return {
      patient: names[id],
      counts: countRows(own[0]),
      classes: present.map((k) => first.classNames[k]),
      accuracy: shareOf((repeat, i) => predicted[repeat][i] === truth[i]),
      ...(outcomes && { coverage: shareOf((repeat, i) => outcomes[repeat][rows[i]] < classes) }),
      macroAuc: present.length > 1 ? mean(own.map((of) => macroAuc(of))) : null,
      ...(pair && { pairAuc: pair.every((k) => present.includes(k)) ? pairAuc(own, pair).value : null }),
    };
  });
  return found.sort((a, b) => a.accuracy - b.accuracy || (a.patient < b.patient ? -1 : 1));
}

function mean(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length ? there.reduce((sum, value) => sum + value, 0) / there.length : null;
}
