import type { Cohort } from "../cube/cohort.js";
import type { Model, Pipeline } from "../cube/model.js";
import type { Palette } from "../cube/stain-map.js";
import { paletteFor } from "../stain/palettes.js";
import { type Crew, withCrew } from "./crew.js";
import { domainLimits } from "./domain-limits.js";
import { growForest } from "./grow-forest.js";
import { heldTemperature } from "./held-temperature.js";
import type { LookOptions } from "./look-at.js";
import type { RunOptions } from "./progress.js";
import { reduceRows } from "./reduce-rows.js";
import { gatherTable, type Table } from "./table.js";
import { forestOptions, trainingOf } from "./training-of.js";
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
  const reduced = await reduceRows(table, everyRow, pipeline, crew);
  const training = trainingOf(table, everyRow, reduced.scores, reduced.pca.components);
  const forest = await growForest(training, forestOptions(pipeline, seed), crew, options);
  const temperature = await heldTemperature(table, everyRow, pipeline, seed, crew);
  const labelNames = Array.from(table.labels, (value) => table.classNames[value]);
  const pixelsPerClass = new Array<number>(table.labels.length).fill(0);
  for (const k of table.truth) pixelsPerClass[k]++;
  return {
    pipeline,
    wavenumbers: table.rawWavenumbers,
    pca: reduced.pca,
    forest,
    limits: await domainLimits(table, everyRow, pipeline, seed, crew),
    ...(temperature && { temperature }),
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
