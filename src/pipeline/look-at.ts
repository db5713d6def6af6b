import { statSync } from "node:fs";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { naming, SpectraError } from "../cube/errors.js";
import type { InputFinding } from "../cube/findings.js";
import { type CubeKey, cubeName, fileHash } from "../cube/identity.js";
import { filesBehind } from "../read/cube-files.js";
import { cubeKey } from "../read/cube-key.js";
import { type CubeReader, type LayoutOptions, openCube } from "../read/open-cube.js";
import { layoutOfRow } from "../read/row-layout.js";
import { type FileState, statesOf } from "../read/unchanged.js";
import { eachLabel, patientsOf } from "./pick-pixels.js";
import type { RunOptions } from "./progress.js";

/** What to do with a cube whose patient is not known: refuse it, or take its core for a patient and stamp every figure. */
export type MissingPatients = "refuse" | "stamp";

export const PATIENTS_UNKNOWN = "patients unknown: cubes stand in for patients";

/** A cube of a cohort with its labels, and what is known of it from the file and the cohort together. */
export interface LabelledCube {
  readonly row: CohortRow;
  readonly axis: Float64Array;
  /** Of each of `patients` the annotated pixels by label value, 256 of them. */
  readonly annotated: readonly Float64Array[];
  readonly classNames: readonly string[];
  /** Those of the cube's pixels: one, or several where a table of spectra names them. */
  readonly patients: readonly string[];
  readonly core: string;
  readonly mode: string;
  readonly input: InputFinding;
  /** How its files were before anything was read of them. */
  readonly states: readonly FileState[];
  readonly stamps: readonly string[];
}

export interface LookOptions extends RunOptions {
  readonly layout?: LayoutOptions;
  /** "stamp" if not given. */
  readonly missingPatients?: MissingPatients;
  /** Hash the input files for provenance; true if not given. */
  readonly hash?: boolean;
  /** Go on where the same file or the same spectra stand under two patients, and stamp every figure; false if not given. */
  readonly allowOverlap?: boolean;
}

/** Open every cube of a cohort for its axis and labels; the spectra are not read. A cube without labels is an error that names it. */
export async function lookAt(cohort: Cohort, options: LookOptions): Promise<LabelledCube[]> {
  const cubes: LabelledCube[] = [];
  for (const [index, row] of cohort.rows.entries()) {
    options.signal?.throwIfAborted();
    cubes.push(await naming(row.path, () => lookAtOne(row, options)));
    options.onProgress?.({ stage: "look at the cubes", done: index + 1, total: cohort.rows.length, unit: "cubes" });
  }
  if (!cubes.length) throw new SpectraError("missing", cohort.path ?? "cohort", "the cohort names no cube");
  return cubes;
}

async function lookAtOne(
  row: CohortRow,
  { layout: said, missingPatients = "stamp", hash = true, signal, onRemark }: LookOptions,
): Promise<LabelledCube> {
  const layout = layoutOfRow(row, said);
  const states = statesOf([row.path]);
  const reader = await openCube(row.path, layout);
  try {
    const { cube } = reader;
    states.push(...statesOf(filesBehind(reader.dataset)));
    const counts = reader.labelCounts();
    if (!counts) {
      throw new SpectraError(
        "labels",
        row.path,
        `${row.path} has no /labels; to fit or validate, annotate some of its pixels, or name where they are with --labels`,
      );
    }
    for (const remark of reader.remarks ?? []) onRemark?.(remark);
    const named = reader.patients?.();
    const patient = row.patient ?? cube.patient;
    if (patient === undefined && !named && missingPatients === "refuse") {
      throw new SpectraError(
        "patients",
        row.path,
        `${row.path} has no patient: give the cohort file a patient column or the cube a patient attribute, ` +
          "or say --missing-patients stamp to take every cube for a patient and have every figure stamped",
      );
    }
    const { patients, patientOf } = patientsOf(named, patient ?? row.name);
    const annotated = patients.map(() => (named ? new Float64Array(256) : counts.slice().fill(0, 0, 1)));
    if (named) eachLabel(reader, (pixel, value) => annotated[patientOf(pixel)][value]++);
    return {
      row,
      axis: cube.axis.wavenumbers,
      annotated,
      classNames: cube.classNames ?? [],
      patients,
      core: `${patient ?? ""}/${row.core ?? cube.core ?? row.name}`,
      mode: row.mode ?? cube.mode ?? "unknown",
      input: inputFinding(row, reader, await cubeKey(row.path, layout, { hash, signal })),
      states,
      stamps: patient === undefined && !named ? [PATIENTS_UNKNOWN] : [],
    };
  } finally {
    reader.close();
  }
}

/** The line of a report that says which file was read. */
export function inputFinding(row: CohortRow, reader: CubeReader, key?: CubeKey): InputFinding {
  const { cube } = reader;
  const { wavenumbers } = cube.axis;
  return {
    file: row.path,
    sha256: key && fileHash(key),
    cube: key && cubeName(key),
    bytes: statSync(row.path).size,
    rows: cube.rows,
    cols: cube.cols,
    bands: wavenumbers.length,
    range: [wavenumbers[0], wavenumbers[wavenumbers.length - 1]],
    patient: row.patient ?? cube.patient,
    core: row.core ?? cube.core,
    mode: row.mode ?? cube.mode,
    pixelSizeUm: cube.pixelSizeUm,
    origin: cube.origin,
    labelledPixels: reader.labelCounts()?.reduce((sum, pixels, value) => sum + (value ? pixels : 0), 0),
  };
}
