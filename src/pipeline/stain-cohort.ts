import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Findings, InputFinding, StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";
import { writeFileSafely } from "../cube/write-file.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { MEMORY } from "../read/plan-reading.js";
import { sha256 } from "../read/sha256.js";
import { relay, withCrew } from "./crew.js";
import { inputFinding } from "./look-at.js";
import type { Pictures } from "./paint-pictures.js";
import type { RunOptions } from "./progress.js";
import { removeRowsLogs } from "./rows-log.js";
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
  /** Bytes that all threads together may take; 700 MB if not given. What is less than a row of chunks costs time. */
  readonly memory?: number;
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
 * earlier run of the same version with the same model, threshold and file is not stained again, and one that was begun is gone on
 * with. The files are hashed while they are stained.
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
    memory = MEMORY,
    again = false,
  } = options;
  const pipeline = { ...model.pipeline, stain: { ...model.pipeline.stain, threshold } };
  const shared = share({ ...model, pipeline });
  const modelKey = keyOfModel(shared);
  const learned = new Set(
    model.provenance.inputs.map(({ patient }) => patient).filter((patient) => patient !== undefined),
  );
  mkdirSync(folder, { recursive: true });

  return withCrew(
    options,
    async (crew) => {
      const finished = new Map<CohortRow, Finished>();
      const failures = new Map<CohortRow, string>();
      const stamps = new Set(model.provenance.stamps);
      await relay(cohort.rows, async (row, passOn) => {
        options.signal?.throwIfAborted();
        try {
          const key = keyOf(row, modelKey, layout, probabilities, pictures);
          const before = again ? undefined : finishedBefore(folder, row, key);
          const input = before?.input ?? (await inputOf(row, layout));
          const seen = input.patient !== undefined && learned.has(input.patient);
          const own = seen ? [`patient ${input.patient} is among the patients that the model was fitted on`] : [];
          for (const stamp of own) stamps.add(stamp);
          if (before) {
            options.onRemark?.(`${row.name} is finished; --again stains it anew`);
            removeRowsLogs(folder, row.name);
            finished.set(row, before);
            return;
          }
          const how = { ...options, layout, probabilities, pictures, memory, key, modelKey };
          const allStamps = [...model.provenance.stamps, ...own];
          const [digest, stain] = await Promise.all([
            hash ? sha256(row.path, { signal: options.signal }) : undefined,
            stainCube(row, shared, folder, crew, { ...how, stamps: allStamps }, passOn),
          ]);
          const done = { key, input: { ...input, sha256: digest }, stain };
          writeFileSafely(marker(folder, row), `${JSON.stringify(done)}\n`);
          finished.set(row, done);
        } catch (thrown) {
          // A full disk or an abort would meet every other cube too.
          if (
            !(thrown instanceof SpectraError) ||
            options.signal?.aborted ||
            ["disk", "cancelled"].includes(thrown.kind)
          )
            throw thrown;
          failures.set(row, messageOf(thrown));
          options.onRemark?.(`${row.path} failed: ${messageOf(thrown)}`);
        }
      });
      // In the order of the cohort, whichever was finished first.
      const done = cohort.rows.flatMap((row) => finished.get(row) ?? []);
      const failed = cohort.rows.flatMap((row) => {
        const error = failures.get(row);
        return error === undefined ? [] : [{ file: row.path, error }];
      });
      if (!done.length && failed.length === 1) throw new SpectraError("format", failed[0].file, failed[0].error);
      return {
        inputs: done.map(({ input }) => input),
        stamps: [...stamps],
        pipeline,
        palette: model.palette,
        stains: done.map(({ stain }) => stain),
        failures: failed,
      };
    },
    "stainRows",
  );
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

async function inputOf(row: CohortRow, layout: LayoutOptions): Promise<InputFinding> {
  const reader = await openCube(row.path, layout);
  try {
    return await inputFinding(row, reader, false);
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
