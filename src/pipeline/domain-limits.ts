import { patientFolds } from "../classify/folds.js";
import { numberPatients, patientsPerClass, pixelsByPatient } from "../classify/patients.js";
import type { Pipeline } from "../cube/model.js";
import { limitsFrom } from "../reduce/distances.js";
import type { Crew } from "./crew.js";
import { rowsWhere } from "./predictions.js";
import { fitComponents, projectRows } from "./reduce-rows.js";
import type { Table } from "./table.js";

/**
 * Limits of Q and T² beyond which a pixel is outside the model's domain, from spectra that had no part in the components: the
 * patients are dealt into two halves, and each half is measured on components fitted on the other. On components of their own,
 * spectra lie closer than those of any new patient ever will. A class that only one half has does not count, as the other
 * does not know it. Where no class is in two patients every second spectrum is held out instead; fewer than four spectra are
 * nothing to go by, and give no limit.
 */
export async function domainLimits(
  table: Table,
  pipeline: Pipeline,
  seed: number,
  crew: Crew,
): Promise<{ q: number; t2: number }> {
  const { outside, components } = pipeline.reduce;
  const none = { q: Number.POSITIVE_INFINITY, t2: Number.POSITIVE_INFINITY };
  if (outside === 0) return none;
  const { half, foreign } = halves(table, seed);
  const rows = [0, 1].map((wanted) => rowsWhere(half, (of) => of === wanted));
  if (rows.some(({ length }) => length < 2)) return none;
  const q = new Float64Array(table.count).fill(Number.NaN);
  const t2 = q.slice();
  for (const [fitted, held] of [rows, [...rows].reverse()]) {
    const far = await projectRows(table, held, await fitComponents(table, fitted, components, crew), crew);
    for (const [i, row] of held.entries()) {
      if (foreign.includes(table.truth[row])) continue;
      q[row] = far.q[i];
      t2[row] = far.t2[i];
    }
  }
  return limitsFrom({ q, t2 }, outside);
}

/** The half that each spectrum is in, 0 or 1, and the classes that only one half has. */
function halves(table: Table, seed: number): { half: Int32Array; foreign: readonly number[] } {
  const { patient, truth, labels } = table;
  const classNames = Array.from(labels, (value) => table.classNames[value]);
  const classes = classNames.length;
  const having = patientsPerClass(pixelsByPatient(numberPatients(patient), truth, classes), classes);
  if (having.every((patients) => patients < 2)) return { half: Int32Array.from(patient, (_, i) => i % 2), foreign: [] };
  const dealt = patientFolds({ patient, truth, classNames, folds: 2, seed: `${seed}/domain` });
  return { half: Int32Array.from(patient, (of) => dealt.fold[of]), foreign: dealt.unvalidated };
}
