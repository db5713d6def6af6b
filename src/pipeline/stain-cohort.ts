import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import type { Findings, InputFinding } from "../cube/findings.js";
import { type CubeKey, cubeName, fileHash, sameCube } from "../cube/identity.js";
import { makeFolder, makeFolderIn } from "../cube/make-folder.js";
import type { Model } from "../cube/model.js";
import { checkTarget } from "../cube/write-file.js";
import { cubeKey, placeOf } from "../read/cube-key.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { MEMORY } from "../read/plan-reading.js";
import { layoutOfRow } from "../read/row-layout.js";
import { statesOf } from "../read/unchanged.js";
import { relay, withCrew } from "./crew.js";
import { bareKinds } from "./draw-picture.js";
import { eachCube, sorted } from "./each-cube.js";
import { type Finished, readFinished, writeFinished } from "./finished.js";
import { hashOfData } from "./hash-of-data.js";
import { inputFinding } from "./look-at.js";
import { madeIn } from "./made.js";
import { modelKey } from "./model-key.js";
import { namedRows } from "./output-names.js";
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
  /** Regions of fewer pixels are left out of the polygons, and counted; none are if not given. */
  readonly minimumRegion?: number;
  /** Hash the input files for provenance; true if not given. */
  readonly hash?: boolean;
  /** Bytes that all threads together may take; 700 MB if not given. What is less than a row of chunks costs time. */
  readonly memory?: number;
  /** Stain cubes that are finished already, too. */
  readonly again?: boolean;
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
    layout: said = {},
    threshold = model.pipeline.stain.threshold,
    probabilities = "uint8",
    pictures = "report",
    minimumRegion = 0,
    hash = true,
    memory = MEMORY,
    again = false,
  } = options;
  const pipeline = { ...model.pipeline, stain: { ...model.pipeline.stain, threshold } };
  const shared = share({ ...model, pipeline });
  // Of the model as it is in its file: a threshold of this run is a way of staining with it.
  const ownKey = modelKey(model);
  const learnedFrom = stampsOf(model);
  makeFolder(folder);
  const naming = { layout: said, hash, signal: options.signal };
  const rows = await namedRows(cohort.rows, await madeIn(folder, ".stain.h5"), naming);
  for (const { name } of rows) checkOutputs(folder, name, pictures);

  return withCrew(
    options,
    async (crew) => {
      const stainOne = async (row: CohortRow, passOn: () => void): Promise<Finished> => {
        const layout = layoutOfRow(row, said);
        const key = wayOf(row, ownKey, layout, threshold, probabilities, pictures, minimumRegion);
        const before = again ? undefined : await finishedBefore(folder, row, key, hash, options);
        const input = before?.input ?? (await inputOf(row, layout));
        if (before) {
          options.onRemark?.(`${row.name} is finished; --again stains it anew`);
          removeRowsLogs(folder, row.name);
          return before;
        }
        const states = statesOf([row.path]);
        const place = placeOf(row.path, layout);
        const about = cubeKey(row.path, layout, { hash, signal: options.signal }).then((cube) => {
          return { cube, stamps: [...model.provenance.stamps, ...learnedFrom(input.patient, cube)] };
        });
        const logKey = hashOfData([key, place.place, place.changed]);
        const how = {
          ...options,
          layout,
          probabilities,
          pictures,
          minimumRegion,
          memory,
          modelKey: ownKey,
          about,
          states,
          key: logKey,
        };
        const [{ cube }, stain] = await Promise.all([about, stainCube(row, shared, folder, crew, how, passOn)]);
        const finished = { key, cube, input: { ...input, sha256: fileHash(cube), cube: cubeName(cube) }, stain };
        return writeFinished(folder, row.name, finished);
      };
      const fileOf = ({ path }: CohortRow) => path;
      const { results: done, failures } = sorted(await eachCube(rows, fileOf, relay, stainOne, options), fileOf);
      const own = ({ input, cube }: Finished) => learnedFrom(input.patient, cube);
      return {
        inputs: done.map(({ input }) => input),
        // In the order of the cohort, whichever cube was finished first.
        stamps: [...new Set([...model.provenance.stamps, ...done.flatMap(own)])],
        pipeline,
        palette: model.palette,
        stains: done.map(({ stain }) => stain),
        failures,
      };
    },
    "stainRows",
  );
}

/** See, before any work is done, that what is written of a cube stands over nothing that was not made here. */
function checkOutputs(folder: string, name: string, pictures: Pictures): void {
  checkTarget(join(folder, `${name}.stain.h5`), "stain");
  if (!existsSync(join(folder, `${name}.stain.h5`))) checkTarget(join(folder, `${name}.stain.json`), "stained");
  if (pictures === "none") return;
  checkTarget(join(folder, `${name}.png`), "picture");
  checkTarget(join(folder, `${name}.geojson`), "polygons");
  makeFolderIn(folder, name, "check");
  for (const bare of bareKinds) checkTarget(join(folder, name, `${bare}.png`), "picture");
}

/** The finished stain of a cube, where it is that of this cube, model and way of writing, and as it was when it was finished. */
async function finishedBefore(
  folder: string,
  row: CohortRow,
  key: string,
  hash: boolean,
  { layout, signal, onRemark }: StainCohortOptions,
): Promise<Finished | undefined> {
  const found = readFinished(folder, row.name);
  if (found === "changed") {
    onRemark?.(`${row.name}: its map, its pictures or its mark were changed since it was finished; it is stained anew`);
    return undefined;
  }
  if (!found || found.key !== key || !existsSync(row.path)) return undefined;
  const laid = layoutOfRow(row, layout);
  const now = placeOf(row.path, laid);
  const toHash = hash && found.cube.content !== undefined && found.cube.bytes === now.bytes;
  const cube = await cubeKey(row.path, laid, { hash: toHash, known: [found.cube], signal });
  if (!sameCube(found.cube, cube)) return undefined;
  // A cube that was moved since is named where it lies now.
  return { ...found, input: { ...found.input, file: row.path }, stain: { ...found.stain, file: row.path } };
}

/** What every figure of a cube must say of it, where the model was fitted on its patient, or on the same file under another name. */
function stampsOf({ provenance: { inputs } }: Model) {
  const patients = new Set(inputs.flatMap(({ patient }) => patient ?? []));
  const files = new Map(inputs.flatMap(({ sha256, patient, file }) => (sha256 ? [[sha256, patient ?? file]] : [])));
  return (patient: string | undefined, cube: CubeKey): string[] => {
    if (patient !== undefined && patients.has(patient)) {
      return [`patient ${patient} is among the patients that the model was fitted on`];
    }
    const twin = files.get(fileHash(cube) ?? "");
    return twin === undefined
      ? []
      : [`the cube of patient ${patient ?? "unknown"} is one that the model was fitted on, as ${twin}`];
  };
}

async function inputOf(row: CohortRow, layout: LayoutOptions): Promise<InputFinding> {
  const reader = await openCube(row.path, layout);
  try {
    return inputFinding(row, reader);
  } finally {
    reader.close();
  }
}

/** What decides how a stain is written, whichever cube it is of. */
function wayOf({ path: _, ...row }: CohortRow, modelKey: string, layout: LayoutOptions, ...how: unknown[]): string {
  return hashOfData([version, modelKey, layout, how, row]);
}
