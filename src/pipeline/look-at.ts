import { statSync } from "node:fs";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import type { InputFinding } from "../cube/findings.js";
import { type CubeReader, type LayoutOptions, openCube } from "../read/open-cube.js";
import { sha256 } from "../read/sha256.js";
import type { RunOptions } from "./progress.js";

/** What to do with a cube whose patient is not known: refuse it, or take its core for a patient and stamp every figure. */
export type MissingPatients = "refuse" | "stamp";

export const PATIENTS_UNKNOWN = "patients unknown: cubes stand in for patients";

/** A cube of a cohort with its labels, and what is known of it from the file and the cohort together. */
export interface LabelledCube {
  readonly row: CohortRow;
  readonly axis: Float64Array;
  /** The annotated pixels, ascending, and the label value of each. */
  readonly annotated: Int32Array;
  readonly values: Uint8Array;
  readonly classNames: readonly string[];
  /** Those of the cube's pixels: one, or several where a table of spectra names them. */
  readonly patients: readonly string[];
  /** Index into `patients` of a pixel. */
  readonly patientOf: (pixel: number) => number;
  readonly core: string;
  readonly mode: string;
  readonly input: InputFinding;
  readonly stamps: readonly string[];
}

export interface LookOptions extends RunOptions {
  readonly layout?: LayoutOptions;
  /** "stamp" if not given. */
  readonly missingPatients?: MissingPatients;
  /** Hash the input files for provenance; true if not given. */
  readonly hash?: boolean;
}

/** Open every cube of a cohort for its axis and labels; the spectra are not read. A cube without labels is an error that names it. */
export async function lookAt(cohort: Cohort, options: LookOptions): Promise<LabelledCube[]> {
  const cubes: LabelledCube[] = [];
  for (const [index, row] of cohort.rows.entries()) {
    options.signal?.throwIfAborted();
    cubes.push(await lookAtOne(row, options));
    options.onProgress?.({ stage: "look at the cubes", done: index + 1, total: cohort.rows.length, unit: "cubes" });
  }
  if (!cubes.length) throw new SpectraError("missing", cohort.path ?? "cohort", "the cohort names no cube");
  return cubes;
}

async function lookAtOne(
  row: CohortRow,
  { layout, missingPatients = "stamp", hash = true, signal }: LookOptions,
): Promise<LabelledCube> {
  const reader = await openCube(row.path, layout);
  try {
    const { cube } = reader;
    const labels = reader.labels();
    if (!labels) {
      throw new SpectraError(
        "labels",
        row.path,
        `${row.path} has no /labels; to fit or validate, annotate some of its pixels`,
      );
    }
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
    const annotated = Int32Array.from(annotatedPixels(labels));
    return {
      row,
      axis: cube.axis.wavenumbers,
      annotated,
      values: Uint8Array.from(annotated, (pixel) => labels[pixel]),
      classNames: cube.classNames ?? [],
      ...patientsOf(named, patient ?? row.name),
      core: `${patient ?? ""}/${row.core ?? cube.core ?? row.name}`,
      mode: row.mode ?? cube.mode ?? "unknown",
      input: await inputFinding(row, reader, hash, signal),
      stamps: patient === undefined && !named ? [PATIENTS_UNKNOWN] : [],
    };
  } finally {
    reader.close();
  }
}

function patientsOf(named: readonly string[] | undefined, whole: string) {
  if (!named) return { patients: [whole], patientOf: () => 0 };
  const patients = [...new Set(named)];
  const index = Int32Array.from(named, (name) => patients.indexOf(name));
  return { patients, patientOf: (pixel: number) => index[pixel] };
}

function* annotatedPixels(labels: Uint8Array): Generator<number> {
  for (let pixel = 0; pixel < labels.length; pixel++) if (labels[pixel]) yield pixel;
}

/** The line of a report that says which file was read. */
export async function inputFinding(
  row: CohortRow,
  reader: CubeReader,
  hash: boolean,
  signal?: AbortSignal,
): Promise<InputFinding> {
  const { cube } = reader;
  const { wavenumbers } = cube.axis;
  return {
    file: row.path,
    sha256: hash ? await sha256(row.path, { signal }) : undefined,
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
    labelledPixels: reader.labels()?.reduce((count, label) => count + (label ? 1 : 0), 0),
  };
}
