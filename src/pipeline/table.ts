import { addToGroup, sampleGroups } from "../classify/sample.js";
import type { Gaps } from "../cube/axis.js";
import type { Cohort } from "../cube/cohort.js";
import { SpectraError } from "../cube/errors.js";
import type { InputFinding, QualityFinding } from "../cube/findings.js";
import type { Pipeline } from "../cube/model.js";
import { reasons } from "../cube/rejected.js";
import type { Quantity } from "../cube/spectra.js";
import { isHeldOut } from "../cube/split-words.js";
import { firstSpelling, modeName, twoSpellings, wordKey } from "../cube/words.js";
import { simdKernels } from "../kernels/simd-kernels.js";
import { layoutOfRow } from "../read/row-layout.js";
import { checkUnchanged } from "../read/unchanged.js";
import { alignedSteps } from "./align.js";
import { type Crew, inOrder } from "./crew.js";
import { everyCube } from "./every-cube.js";
import type { Gathered } from "./gather-cube.js";
import { type LabelledCube, type LookOptions, lookAt } from "./look-at.js";
import { preparePath } from "./path.js";
import type { Pick } from "./pick-pixels.js";
import { judgeShared, type PrintedSpectra, sameFiles, sharedSpectra } from "./shared-spectra.js";

/** Annotated spectra of a cohort after the pipeline's steps, in shared memory. Row i is one pixel. */
export interface Table {
  /** Before the steps: what cubes to be stained must cover. */
  readonly rawWavenumbers: Float64Array;
  readonly wavenumbers: Float64Array;
  /** Where that axis has gaps. */
  readonly gaps: Gaps;
  readonly quantity: Quantity;
  readonly count: number;
  readonly values: Float32Array;
  /** Index into `labels`. */
  readonly truth: Uint8Array;
  readonly patient: Int32Array;
  readonly core: Int32Array;
  readonly mode: Int32Array;
  /** Annotated pixels of the cohort, drawn or not: `annotated[patient * labels.length + k]`. */
  readonly annotated: Float64Array;
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
 * Read the annotated pixels of a cohort through the steps of a pipeline; rows whose split says that they are held out are left out. Labels are read first and the pixels chosen from them, so that only
 * what is used is kept: memory is bounded by classes × pixelsPerClass × bands, whatever the size of the cubes.
 */
export async function gatherTable(
  cohort: Cohort,
  { steps, classify: { pixelsPerClass } }: Pipeline,
  crew: Crew,
  options: LookOptions & { seed: number },
): Promise<Table> {
  const learned = { ...cohort, rows: cohort.rows.filter(({ split, path }) => !isHeldOut(split, path)) };
  if (cohort.rows.length && !learned.rows.length) {
    const what = cohort.path ?? "the cohort";
    throw new SpectraError("missing", what, `every cube of ${what} is held out: nothing is left to learn from`);
  }
  const cubes = await everyCube(cohort, () => lookAt(learned, options));
  const { classNames, labels } = agreeOnClasses(cubes);
  const patients = [...new Set(cubes.flatMap((cube) => cube.patients))];
  const cores = [...new Set(cubes.map(({ core }) => core))];
  refuseTwoSpellings(patients);
  const spelling = firstSpelling();
  const modeOf = cubes.map(({ mode }) => spelling(modeName(mode)));
  const modes = [...new Set(modeOf)];
  const { axis: rawWavenumbers } = cubes[0];

  const files = sameFiles(
    cubes.map(({ row, input, patients }) => ({ file: row.path, hash: input.sha256, patients })),
    options.onRemark,
  );
  // Before anything is read: the same file needs no look at its spectra.
  if (!options.allowOverlap) judgeShared(files, [], false);

  const patientsOf = cubes.map((cube) => cube.patients.map((name) => patients.indexOf(name)));
  const chosen = choosePixels(cubes, labels, patientsOf, pixelsPerClass, options.seed);
  const jobs = cubes.map((cube, i) => {
    const aligned = alignedSteps(steps, cube.axis, rawWavenumbers, cube.row.path);
    if (aligned.resampled) options.onRemark?.(`${cube.row.path}: resampled to the axis of ${cubes[0].row.path}`);
    return {
      file: cube.row.path,
      layout: layoutOfRow(cube.row, options.layout),
      steps: aligned.steps,
      pixels: chosen[i],
      marks: marksOf(cube),
    };
  });
  const outAxis = preparePath(steps, rawWavenumbers, simdKernels());
  const bands = outAxis.wavenumbers.length;
  const most = chosen.flat().reduce((sum, { places }) => sum + places.length, 0);
  const values = new Float32Array(new SharedArrayBuffer(most * bands * 4));
  const truth = new Uint8Array(new SharedArrayBuffer(most));
  const [patient, core, mode] = [0, 0, 0].map(() => new Int32Array(new SharedArrayBuffer(most * 4)));
  const quality: QualityFinding[] = [];
  const printed: PrintedSpectra[] = [];
  let count = 0;
  const take = (got: Gathered, index: number) => {
    const cube = cubes[index];
    checkUnchanged(cube.states);
    values.set(got.values, count * bands);
    for (const place of got.places) {
      const pick = chosen[index][got.pickOf[place]];
      truth[count] = labels.indexOf(pick.value);
      patient[count] = patientsOf[index][pick.patient];
      core[count] = cores.indexOf(cube.core);
      mode[count] = modes.indexOf(modeOf[index]);
      count++;
    }
    printed.push(...printsOf(cube, chosen[index], jobs[index].marks, got));
    quality.push({ file: cube.row.path, pixels: got.rejected.length, byReason: countReasons(got.rejected) });
    options.onProgress?.({ stage: "read annotated spectra", done: index + 1, total: cubes.length, unit: "cubes" });
  };
  await everyCube(cohort, () => inOrder(crew, "gatherCube", jobs, take));
  const table: Table = {
    rawWavenumbers,
    wavenumbers: outAxis.wavenumbers,
    gaps: outAxis.gaps,
    quantity: outAxis.quantity,
    count,
    values: values.subarray(0, count * bands),
    truth: truth.subarray(0, count),
    patient: patient.subarray(0, count),
    core: core.subarray(0, count),
    mode: mode.subarray(0, count),
    annotated: countAnnotated(cubes, labels, patientsOf, patients.length),
    patients,
    cores,
    modes,
    classNames,
    labels,
    inputs: cubes.map(({ input }) => input),
    quality,
    stamps: [...new Set(cubes.flatMap(({ stamps }) => stamps))],
  };
  const shared = judgeShared(files, sharedSpectra(printed), options.allowOverlap ?? false);
  refuseEmptyClasses(table);
  return { ...table, stamps: [...table.stamps, ...shared] };
}

/** Annotated pixels by patient and class, all cubes together. */
function countAnnotated(
  cubes: readonly LabelledCube[],
  labels: Uint8Array,
  patientsOf: readonly (readonly number[])[],
  patients: number,
): Float64Array {
  const counts = new Float64Array(patients * labels.length);
  for (const [c, { annotated }] of cubes.entries()) {
    for (const [i, of] of annotated.entries()) {
      for (const [k, value] of labels.entries()) counts[patientsOf[c][i] * labels.length + k] += of[value];
    }
  }
  return counts;
}

/** Annotated pixels of a cube that are told from those of other patients, whichever are drawn to be learned from. */
const MARKS = 64;

/** Some annotated pixels, evenly among those of each class and patient: those of a copy are the same ones. */
function marksOf({ annotated }: LabelledCube): Pick[] {
  const groups = annotated.flatMap((counts, patient) =>
    [...counts.entries()].flatMap(([value, pixels]) => (pixels ? [{ value, patient, pixels }] : [])),
  );
  const most = Math.ceil(MARKS / groups.length);
  return groups.map(({ pixels, ...of }) => {
    const length = Math.min(most, pixels);
    return { ...of, places: Int32Array.from({ length }, (_, i) => Math.floor((i * pixels) / length)) };
  });
}

/** The prints of the annotated spectra of a cube, a list a patient. */
function printsOf(cube: LabelledCube, picks: readonly Pick[], marks: readonly Pick[], got: Gathered): PrintedSpectra[] {
  const lists = cube.patients.map((): number[] => []);
  for (const [i, pick] of got.pickOf.entries()) lists[picks[pick].patient].push(got.prints[i]);
  for (const [i, pick] of got.markOf.entries()) lists[marks[pick].patient].push(got.markPrints[i]);
  if (lists.length === 1) lists[0].push(got.markPrints[got.markOf.length]);
  return lists.map((prints, p) => ({ file: cube.row.path, patient: cube.patients[p], prints }));
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
  for (const { row, classNames: names, annotated } of cubes) {
    for (const [value, name] of names.entries()) {
      if (classNames[value] !== undefined && wordKey(classNames[value]) !== wordKey(name)) {
        throw new SpectraError(
          "labels",
          row.path,
          `${row.path} calls label ${value} "${name}", ${cubes[0].row.path} calls it "${classNames[value]}"; ` +
            "give all cubes the same class_names",
        );
      }
      classNames[value] ??= name;
    }
    for (const counts of annotated) {
      for (const [value, pixels] of counts.entries()) if (pixels) present.add(value);
    }
  }
  const annotated = [...present].sort((a, b) => a - b);
  refuseOneClassTwice(annotated, classNames, cubes[0].row.path);
  if (annotated.length < 2) {
    throw new SpectraError(
      "labels",
      cubes[0].row.path,
      `the cohort is annotated with ${annotated.length} class(es)${annotated.length ? ` ("${classNames[annotated[0]]}")` : ""}; a classifier needs at least 2`,
    );
  }
  return { classNames, labels: Uint8Array.from(annotated) };
}

/** Two label values of one name would be two classes to a classifier. */
function refuseOneClassTwice(annotated: readonly number[], classNames: readonly string[], place: string): void {
  const seen = new Map<string, number>();
  for (const value of annotated) {
    const key = wordKey(classNames[value]);
    const first = seen.get(key);
    if (first !== undefined) {
      throw new SpectraError(
        "labels",
        place,
        `${place} calls the labels ${first} and ${value} "${classNames[first]}" and "${classNames[value]}", which are one class: ` +
          "give them one value, or names that differ in more than case and blanks",
      );
    }
    seen.set(key, value);
  }
}

function refuseTwoSpellings(patients: readonly string[]): void {
  const two = twoSpellings(patients);
  if (!two) return;
  const message = `the patients "${two[0]}" and "${two[1]}" would count as two; write one patient in one way`;
  throw new SpectraError("patients", two[0], message);
}

/**
 * The pixels to read of each cube, at most `pixelsPerClass` a class, shared evenly among its patients. They are chosen from the counts
 * alone, by their number among those of their class and patient, so that nothing is held of what is not chosen.
 */
function choosePixels(
  cubes: readonly LabelledCube[],
  labels: Uint8Array,
  patientsOf: readonly (readonly number[])[],
  pixelsPerClass: number,
  seed: number,
): Pick[][] {
  const groups = cubes.map(({ annotated }, index) =>
    annotated.flatMap((counts, patient) =>
      [...labels.entries()]
        .map(([k, value]) => ({ k, value, patient, id: patientsOf[index][patient], pixels: counts[value] }))
        .filter(({ pixels }) => pixels > 0),
    ),
  );
  const sizes = new Map<number, Map<number, number>>();
  for (const { k, id, pixels } of groups.flat()) addToGroup(sizes, k, id, pixels);
  const chosen = sampleGroups(sizes, pixelsPerClass, seed);
  // The pixels of a class and patient are numbered through all cubes, in their order.
  const before = new Map<string, number>();
  return groups.map((of) =>
    of.map(({ k, value, patient, id, pixels }) => {
      const first = before.get(`${k} ${id}`) ?? 0;
      before.set(`${k} ${id}`, first + pixels);
      const own = chosen.get(k)!.get(id)!;
      return { value, patient, places: within(own, first, first + pixels) };
    }),
  );
}

/** Those of ascending numbers that are in a range, counted from its start. */
function within(numbers: Int32Array, start: number, end: number): Int32Array {
  return numbers.filter((number) => number >= start && number < end).map((number) => number - start);
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
