import type { ForestOptions } from "../classify/forest-options.js";
import type { Training } from "../classify/training.js";
import type { Cohort } from "../cube/cohort.js";
import type { Model, Pipeline } from "../cube/model.js";
import type { Pca } from "../cube/pca.js";
import type { Palette } from "../cube/stain-map.js";
import type { Kernels } from "../kernels/kernels.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { distances, limitsFrom } from "../reduce/distances.js";
import { fitPca } from "../reduce/fit-pca.js";
import { momentAdder } from "../reduce/moments.js";
import { prepareProjection } from "../reduce/project.js";
import { paletteFor } from "../stain/palettes.js";
import { type Crew, withCrew } from "./crew.js";
import { growForest } from "./grow-forest.js";
import type { LookOptions } from "./look-at.js";
import { BLOCK } from "./path.js";
import type { RunOptions } from "./progress.js";
import { gatherTable, type Table } from "./table.js";
import { version } from "./version.js";

export interface FitOptions extends LookOptions {
  /** 1 if not given. */
  readonly seed?: number;
  /** Colours of the classes: "colour-blind-safe" if not given, "pathologist", "openvibspec". */
  readonly palette?: string;
}

/** Fit a model on the annotated pixels of a cohort. */
export async function fit(
  cohort: Cohort,
  pipeline: Pipeline,
  options: FitOptions = {},
): Promise<{ model: Model; table: Table }> {
  const { seed = 1 } = options;
  return withCrew(options, async (crew) => {
    const table = await gatherTable(cohort, pipeline, crew, { ...options, seed });
    return { model: await fitTable(table, pipeline, crew, { ...options, seed }), table };
  });
}

/** Fit a model on annotated spectra that are at hand. */
export async function fitTable(
  table: Table,
  pipeline: Pipeline,
  crew: Crew,
  options: RunOptions & { seed: number; palette?: string },
): Promise<Model> {
  const { seed } = options;
  const everyRow = Int32Array.from({ length: table.count }, (_, i) => i);
  const reduced = reduceRows(table, everyRow, pipeline);
  const training = trainingOf(table, everyRow, reduced.scores, reduced.pca.components);
  const forest = await growForest(training, forestOptions(pipeline, seed), crew, options);
  const labelNames = Array.from(table.labels, (value) => table.classNames[value]);
  const pixelsPerClass = new Array<number>(table.labels.length).fill(0);
  for (const k of table.truth) pixelsPerClass[k]++;
  return {
    pipeline,
    wavenumbers: table.rawWavenumbers,
    pca: reduced.pca,
    forest,
    limits: limitsFrom(reduced, pipeline.reduce.outside),
    classNames: table.classNames,
    labels: table.labels,
    palette: paletteFor(labelNames, options.palette) satisfies Palette,
    provenance: {
      version,
      seed,
      inputs: table.inputs,
      patients: table.patients.length,
      pixels: table.count,
      pixelsPerClass,
      stamps: table.stamps,
    },
  };
}

/** Principal components of some rows of a table, their scores on them and their distances from them. */
export function reduceRows(
  table: Table,
  rows: Int32Array,
  pipeline: Pipeline,
): { pca: Pca; scores: Float32Array; q: Float64Array; t2: Float64Array } {
  const bands = table.wavenumbers.length;
  const kernels = simdKernels();
  const moments = momentAdder(table.values.subarray(rows[0] * bands, (rows[0] + 1) * bands), kernels);
  const block = kernels.float32(BLOCK * bands);
  for (let start = 0; start < rows.length; start += BLOCK) {
    moments.add(block, copyRows(table, rows, start, block));
  }
  const components = Math.min(pipeline.reduce.components, bands, rows.length - 1);
  const pca = fitPca(moments.finish(), components, table.wavenumbers);
  return { pca, ...projectRows(table, rows, pca, kernels, block) };
}

/** Scores and distances of some rows of a table on principal components fitted elsewhere. */
export function projectRows(
  table: Table,
  rows: Int32Array,
  pca: Pca,
  kernels: Kernels = simdKernels(),
  block: Float32Array = kernels.float32(BLOCK * pca.bands),
): { scores: Float32Array; q: Float64Array; t2: Float64Array } {
  const project = prepareProjection(pca, kernels);
  const { components } = pca;
  const blockScores = kernels.float32(BLOCK * components);
  const squares = kernels.float64(BLOCK);
  const scores = new Float32Array(rows.length * components);
  const q = new Float64Array(rows.length);
  const t2 = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += BLOCK) {
    const count = copyRows(table, rows, start, block);
    project(block, count, blockScores, squares);
    const far = distances({ count, components, values: blockScores }, squares, pca);
    q.set(far.q, start);
    t2.set(far.t2, start);
    scores.set(blockScores.subarray(0, count * components), start * components);
  }
  return { scores, q, t2 };
}

function copyRows(table: Table, rows: Int32Array, start: number, block: Float32Array): number {
  const bands = table.wavenumbers.length;
  const count = Math.min(BLOCK, rows.length - start);
  for (let i = 0; i < count; i++) {
    const from = rows[start + i] * bands;
    block.set(table.values.subarray(from, from + bands), i * bands);
  }
  return count;
}

/** What a forest is fitted on: scores, classes, and patients by mode as the groups that the bootstrap draws from evenly. */
export function trainingOf(
  table: Table,
  rows: Int32Array,
  scores: Float32Array,
  features: number,
  truth = table.truth,
): Training {
  return {
    values: scores,
    rows: rows.length,
    features,
    classes: table.labels.length,
    labels: Uint8Array.from(rows, (row) => truth[row]),
    groups: Int32Array.from(rows, (row) => table.patient[row] * table.modes.length + table.mode[row]),
  };
}

export function forestOptions({ classify }: Pipeline, seed: number): ForestOptions {
  const { trees, minLeaf, maxDepth, features } = classify;
  return { trees, minLeaf, maxDepth, tried: features, seed };
}
