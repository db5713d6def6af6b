import type { Pipeline } from "../cube/model.js";
import type { Pca } from "../cube/pca.js";
import { fitPca } from "../reduce/fit-pca.js";
import { emptyMoments, mergeMoments } from "../reduce/moments.js";
import { type Crew, inOrder } from "./crew.js";
import type { Projected } from "./project-range.js";
import type { Table } from "./table.js";
import { rangesOf } from "./table-range.js";

/** Principal components of some rows of a table, their scores on them and their distances from them. */
export async function reduceRows(
  table: Table,
  rows: Int32Array,
  pipeline: Pipeline,
  crew: Crew,
): Promise<Projected & { pca: Pca }> {
  const pca = await fitComponents(table, rows, pipeline.reduce.components, crew);
  return { pca, ...(await projectRows(table, rows, pca, crew)) };
}

/**
 * As many principal components of some rows as are asked for or can be had. The crew sums ranges of the rows about the first
 * row, and the sums are added up in the order of the ranges, so that their bytes are the same for any crew.
 */
export async function fitComponents(table: Table, rows: Int32Array, components: number, crew: Crew): Promise<Pca> {
  const bands = table.wavenumbers.length;
  const shift = table.values.slice(rows[0] * bands, (rows[0] + 1) * bands);
  let moments = emptyMoments(shift);
  const jobs = rangesOf(table, rows).map((range) => ({ ...range, shift }));
  await inOrder(crew, "sumMoments", jobs, (part) => {
    moments = mergeMoments(moments, part);
  });
  return fitPca(moments, Math.min(components, bands, rows.length - 1), table.wavenumbers);
}

/** Scores and distances of some rows of a table on principal components fitted elsewhere. */
export async function projectRows(table: Table, rows: Int32Array, pca: Pca, crew: Crew): Promise<Projected> {
  const { components } = pca;
  const scores = new Float32Array(rows.length * components);
  const q = new Float64Array(rows.length);
  const t2 = new Float64Array(rows.length);
  const jobs = rangesOf(table, rows).map((range) => ({ ...range, pca }));
  await inOrder(crew, "projectRange", jobs, (part, index) => {
    const { from } = jobs[index];
    scores.set(part.scores, from * components);
    q.set(part.q, from);
    t2.set(part.t2, from);
  });
  return { scores, q, t2 };
}
