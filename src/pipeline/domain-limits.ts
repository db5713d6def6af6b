import { patientFolds } from "../classify/folds.js";
import type { Pipeline } from "../cube/model.js";
import { limitsFrom } from "../reduce/distances.js";
import type { Crew } from "./crew.js";
import { canHoldOut, labelledRows } from "./labelled-rows.js";
import { fitComponents, projectRows } from "./reduce-rows.js";
import type { Table } from "./table.js";

/**
 * Limits of Q and T² beyond which a pixel is outside the domain of a model of some rows, from spectra that had no part in the
 * components: the patients are dealt into two halves, and each half is measured on components fitted on the other. On components of their own,
 * spectra lie closer than those of any new patient ever will. A class that only one half has does not count, as the other
 * does not know it. Where no class is in two patients every second spectrum is held out instead; fewer than four spectra are
 * nothing to go by, and give no limit.
 */
export async function domainLimits(
  table: Table,
  among: Int32Array,
  pipeline: Pipeline,
  seed: number,
  crew: Crew,
): Promise<{ q: number; t2: number }> {
  const { outside, components } = pipeline.reduce;
  const none = { q: Number.POSITIVE_INFINITY, t2: Number.POSITIVE_INFINITY };
  if (outside === 0) return none;
  const { half, foreign } = halves(table, among, seed);
  const rows = [0, 1].map((wanted) => among.filter((_, i) => half[i] === wanted));
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

/** The half that each of the rows is in, 0 or 1, and the classes that only one half has. */
function halves(table: Table, among: Int32Array, seed: number): { half: Int32Array; foreign: readonly number[] } {
  const rows = labelledRows(table, among);
  if (!canHoldOut(rows)) return { half: Int32Array.from(among, (_, i) => i % 2), foreign: [] };
  const { patient } = rows;
  const dealt = patientFolds({ ...rows, folds: 2, seed: `${seed}/domain` });
  return { half: Int32Array.from(patient, (of) => dealt.fold[of]), foreign: dealt.unvalidated };
}
