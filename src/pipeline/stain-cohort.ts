import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Findings, InputFinding, StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";
import { writeFileSafely } from "../cube/write-file.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { withCrew } from "./crew.js";
import { inputFinding } from "./look-at.js";
import type { Pictures } from "./paint-pictures.js";
import type { RunOptions } from "./progress.js";
import { share } from "./share.js";
import { stainCube } from "./stain-cube.js";
import { version } from "./version.js";

export interface StainCohortOptions extends RunOptions {
  readonly layout?: LayoutOptions;
  /** Instead of the pipeline's. */
  readonly threshold?: number;
  readonly probabilities?: "uint8" | "float32";
  /** What is drawn beside the HDF5 maps: "report" if not given; "none" writes no polygons either. */
  readonly pictures?: Pictures;
  /** Hash the input files for provenance; true if not given. */
  readonly hash?: boolean;
  /** Stain cubes that are finished already, too. */
  readonly again?: boolean;
}

/** What is written when a cube is finished, and looked for on the next run. */
interface Finished {
  readonly key: string;
  readonly input: InputFinding;
  readonly stain: StainFinding;
}

/**
 * Stain every cube of a cohort into a folder. A cube that fails is listed and the others go on; a cube that was finished by an
 * earlier run of the same version with the same model, threshold and file is not stained again.
 */
export async function stainCohort(
  cohort: Cohort,
  model: Model,
  folder: string,
  options: StainCohortOptions = {},
): Promise<Pick<Findings, "inputs" | "stamps" | "pipeline" | "palette" | "stains" | "failures">> {
  const {
    layout = {},
    threshold = model.pipeline.stain.threshold,
    probabilities = "uint8",
    pictures = "report",
    hash = true,
    again = false,
  } = options;
  const pipeline = { ...model.pipeline, stain: { ...model.pipeline.stain, threshold } };
  const shared = share({ ...model, pipeline });
  const modelKey = keyOfModel(shared);
  const learned = new Set(
    model.provenance.inputs.map(({ patient }) => patient).filter((patient) => patient !== undefined),
  );
  mkdirSync(folder, { recursive: true });

  return withCrew(options, async (crew) => {
    const finished: Finished[] = [];
    const failures: { file: string; error: string }[] = [];
    const stamps = new Set(model.provenance.stamps);
    for (const row of cohort.rows) {
      options.signal?.throwIfAborted();
      try {
        const key = keyOf(row, modelKey, layout, probabilities, pictures);
        const before = again ? undefined : finishedBefore(folder, row, key);
        const input = before?.input ?? (await inputOf(row, layout, hash, options.signal));
        const seen = input.patient !== undefined && learned.has(input.patient);
        const own = seen ? [`patient ${input.patient} is among the patients that the model was fitted on`] : [];
        for (const stamp of own) stamps.add(stamp);
        if (before) options.onRemark?.(`${row.name} is finished; --again stains it anew`);
        const stain =
          before?.stain ??
          (await stainCube(row, shared, folder, crew, {
            ...options,
            layout,
            probabilities,
            pictures,
            key,
            modelKey,
            stamps: [...model.provenance.stamps, ...own],
          }));
        const done = { key, input, stain };
        if (!before) writeFileSafely(marker(folder, row), `${JSON.stringify(done)}\n`);
        finished.push(done);
      } catch (thrown) {
        // A full disk or an abort would meet every other cube too.
        if (!(thrown instanceof SpectraError) || options.signal?.aborted || ["disk", "cancelled"].includes(thrown.kind))
          throw thrown;
        failures.push({ file: row.path, error: messageOf(thrown) });
        options.onRemark?.(`${row.path} failed: ${messageOf(thrown)}`);
      }
    }
    if (!finished.length && failures.length === 1)
      throw new SpectraError("format", failures[0].file, failures[0].error);
    return {
      inputs: finished.map(({ input }) => input),
      stamps: [...stamps],
      pipeline,
      palette: model.palette,
      stains: finished.map(({ stain }) => stain),
      failures,
    };
  });
}

const marker = (folder: string, row: CohortRow) => join(folder, `${row.name}.stain.json`);

function finishedBefore(folder: string, row: CohortRow, key: string): Finished | undefined {
  if (!existsSync(marker(folder, row)) || !existsSync(join(folder, `${row.name}.stain.h5`))) return undefined;
  try {
    const found = JSON.parse(readFileSync(marker(folder, row), "utf8")) as Finished;
    return found.key === key ? found : undefined;
  } catch {
    // A marker that cannot be read is no proof that the cube is finished.
    return undefined;
  }
}

async function inputOf(
  row: CohortRow,
  layout: LayoutOptions,
  hash: boolean,
  signal?: AbortSignal,
): Promise<InputFinding> {
  const reader = await openCube(row.path, layout);
  try {
    return await inputFinding(row, reader.cube, hash, signal);
  } finally {
    reader.close();
  }
}

function keyOf(row: CohortRow, modelKey: string, layout: LayoutOptions, ...how: string[]): string {
  const status = statSync(row.path, { throwIfNoEntry: false });
  const what = [version, modelKey, row.path, status?.size, status?.mtimeMs, layout, how, row];
  return createHash("sha256").update(JSON.stringify(what)).digest("hex");
}

/** A hash over all that decides what a model says of a pixel. */
function keyOfModel({ pipeline, pca, forest, limits }: Model): string {
  const hash = createHash("sha256").update(JSON.stringify([pipeline, limits.q, limits.t2]));
  for (const array of [
    pca.mean,
    pca.loadings,
    forest.feature,
    forest.threshold,
    forest.left,
    forest.leaf,
    forest.distributions,
  ]) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest("hex");
}
