import { sampleRows } from "../classify/sample.js";
import type { Cohort } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import type { InputFinding, QualityFinding } from "../cube/findings.js";
import type { Pipeline } from "../cube/model.js";
import { reasons } from "../cube/rejected.js";
import type { Quantity } from "../cube/spectra.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { alignedSteps } from "./align.js";
import { type Crew, inOrder } from "./crew.js";
import { everyCube } from "./every-cube.js";
import type { Gathered } from "./gather-cube.js";
import { type LabelledCube, type LookOptions, lookAt } from "./look-at.js";
import { preparePath } from "./path.js";

/** Annotated spectra of a cohort after the pipeline's steps, in shared memory. Row i is one pixel. */
export interface Table {
  /** Before the steps: what cubes to be stained must cover. */
  readonly rawWavenumbers: Float64Array;
  readonly wavenumbers: Float64Array;
  readonly quantity: Quantity;
  readonly count: number;
  readonly values: Float32Array;
  /** Index into `labels`. */
  readonly truth: Uint8Array;
  readonly patient: Int32Array;
  readonly core: Int32Array;
  readonly mode: Int32Array;
  readonly patients: readonly string[];
  readonly cores: readonly string[];
  readonly modes: readonly string[];
  /** Names by label value; class k has value `labels[k]`. */
  readonly classNames: readonly string[];
  readonly labels: Uint8Array;
  readonly inputs: readonly InputFinding[];
  readonly quality: readonly QualityFinding[];
  readonly stamps: readonly string[];
}

/**
 * Read the annotated pixels of a cohort through the steps of a pipeline; rows with split "test" are left out. Labels are read first and the pixels chosen from them, so that only
 * what is used is kept: memory is bounded by classes × pixelsPerClass × bands, whatever the size of the cubes.
 */
export async function gatherTable(
  cohort: Cohort,
  { steps, classify: { pixelsPerClass } }: Pipeline,
  crew: Crew,
  options: LookOptions & { seed: number },
): Promise<Table> {
  const learned = { ...cohort, rows: cohort.rows.filter(({ split }) => split !== "test") };
  const cubes = await everyCube(cohort, () => lookAt(learned, options));
  const { classNames, labels } = agreeOnClasses(cubes);
  const patients = [...new Set(cubes.flatMap((cube) => cube.patients))];
  const cores = [...new Set(cubes.map(({ core }) => core))];
  const modes = [...new Set(cubes.map(({ mode }) => mode))];
  const { axis: rawWavenumbers } = cubes[0];

  const patientsOf = cubes.map((cube) => cube.patients.map((name) => patients.indexOf(name)));
  const chosen = choosePixels(cubes, labels, patientsOf, pixelsPerClass, options.seed);
  const jobs = cubes.map((cube, i) => {
    const aligned = alignedSteps(steps, cube.axis, rawWavenumbers, cube.row.path);
    if (aligned.resampled) options.onRemark?.(`${cube.row.path}: resampled to the axis of ${cubes[0].row.path}`);
    return { file: cube.row.path, layout: options.layout ?? {}, steps: aligned.steps, pixels: chosen[i].pixels };
  });
  const outAxis = preparePath(steps, rawWavenumbers, simdKernels());
  const bands = outAxis.wavenumbers.length;
  const most = chosen.reduce((sum, { pixels }) => sum + pixels.length, 0);
  const values = new Float32Array(new SharedArrayBuffer(most * bands * 4));
  const truth = new Uint8Array(new SharedArrayBuffer(most));
  const [patient, core, mode] = [0, 0, 0].map(() => new Int32Array(new SharedArrayBuffer(most * 4)));
  const quality: QualityFinding[] = [];
  let count = 0;
  const take = (got: Gathered, index: number) => {
    const cube = cubes[index];
    values.set(got.values, count * bands);
    for (const place of got.places) {
      truth[count] = labels.indexOf(chosen[index].values[place]);
      patient[count] = patientsOf[index][cube.patientOf(chosen[index].pixels[place])];
      core[count] = cores.indexOf(cube.core);
      mode[count] = modes.indexOf(cube.mode);
      count++;
    }
    quality.push({ file: cube.row.path, pixels: got.rejected.length, byReason: countReasons(got.rejected) });
    options.onProgress?.({ stage: "read annotated spectra", done: index + 1, total: cubes.length, unit: "cubes" });
  };
  await everyCube(cohort, () => inOrder(crew, "gatherCube", jobs, take));
  const table: Table = {
    rawWavenumbers,
    wavenumbers: outAxis.wavenumbers,
    quantity: outAxis.quantity,
    count,
    values: values.subarray(0, count * bands),
    truth: truth.subarray(0, count),
    patient: patient.subarray(0, count),
    core: core.subarray(0, count),
    mode: mode.subarray(0, count),
    patients,
    cores,
    modes,
    classNames,
    labels,
    inputs: cubes.map(({ input }) => input),
    quality,
    stamps: [...new Set(cubes.flatMap(({ stamps }) => stamps))],
  };
  refuseEmptyClasses(table);
  return table;
}

/** Pixels by reason name, `kept` among them; reasons that do not occur are left out. */
export function countReasons(rejected: Uint8Array): Record<string, number> {
  const counts = new Array<number>(reasons.length).fill(0);
  for (const code of rejected) counts[code]++;
  return Object.fromEntries(reasons.filter(({ code }) => counts[code]).map(({ code, name }) => [name, counts[code]]));
}

/** One list of class names for all cubes, by label value, and the values that are annotated somewhere. */
function agreeOnClasses(cubes: readonly LabelledCube[]): { classNames: string[]; labels: Uint8Array } {
  const classNames = [...(cubes[0].classNames ?? [])];
  const present = new Set<number>();
  for (const { row, classNames: names, values } of cubes) {
    for (const [value, name] of names.entries()) {
      if (classNames[value] !== undefined && classNames[value] !== name) {
        throw new SpectraError(
          "labels",
          row.path,
          `${row.path} calls label ${value} "${name}", ${cubes[0].row.path} calls it "${classNames[value]}"; ` +
            "give all cubes the same class_names",
        );
      }
      classNames[value] = name;
    }
    for (const value of values) present.add(value);
  }
  const annotated = [...present].sort((a, b) => a - b);
  if (annotated.length < 2) {
    throw new SpectraError(
      "labels",
      cubes[0].row.path,
      `the cohort is annotated with ${annotated.length} class(es)${annotated.length ? ` ("${classNames[annotated[0]]}")` : ""}; a classifier needs at least 2`,
    );
  }
  return { classNames, labels: Uint8Array.from(annotated) };
}

/** The pixels to read of each cube, ascending: at most `pixelsPerClass` a class, shared evenly among its patients. */
function choosePixels(
  cubes: readonly LabelledCube[],
  labels: Uint8Array,
  patientsOf: readonly (readonly number[])[],
  pixelsPerClass: number,
  seed: number,
): { pixels: Int32Array; values: Uint8Array }[] {
  const total = cubes.reduce((sum, { annotated }) => sum + annotated.length, 0);
  const truth = new Uint8Array(total);
  const patient = new Int32Array(total);
  let at = 0;
  for (const [index, cube] of cubes.entries()) {
    for (const [place, value] of cube.values.entries()) {
      patient[at] = patientsOf[index][cube.patientOf(cube.annotated[place])];
      truth[at++] = labels.indexOf(value);
    }
  }
  const rows = Int32Array.from(sampleRows({ truth, patient, pixelsPerClass, seed })).sort();
  let next = 0;
  at = 0;
  return cubes.map(({ annotated, values }) => {
    const first = next;
    while (next < rows.length && rows[next] < at + annotated.length) next++;
    const places = rows.subarray(first, next).map((row) => row - at);
    at += annotated.length;
    return {
      pixels: places.map((place) => annotated[place]),
      values: Uint8Array.from(places, (place) => values[place]),
    };
  });
}

function refuseEmptyClasses({ truth, labels, classNames }: Table): void {
  for (const [k, value] of labels.entries()) {
    if (!truth.includes(k)) {
      throw new SpectraError(
        "labels",
        classNames[value],
        `no annotated pixel of class "${classNames[value]}" came through the quality step; look at the cubes with inspect`,
      );
    }
  }
}
