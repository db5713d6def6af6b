import { existsSync } from "node:fs";
import type { CohortRow } from "../cube/cohort.js";
import { errorOfFile } from "../cube/errors.js";
import { splitOf } from "../cube/split-words.js";
import { firstSpelling, modeName, twoSpellings, wordKey } from "../cube/words.js";
import { cohortOf, examineCohort } from "../read/cohort.js";
import type { ColumnReading } from "../read/cohort-columns.js";
import { type LayoutOptions, openCube } from "../read/open-cube.js";
import { layoutOfRow } from "../read/row-layout.js";
import type { RunOptions } from "./progress.js";
import { sameFiles } from "./same-files.js";

/** A cube of a cohort as a later command will see it: what the cohort file says of it, else what it says itself. */
export interface CubeLook {
  readonly file: string;
  readonly name: string;
  /** Line in the cohort file. */
  readonly line?: number;
  readonly patients: readonly string[];
  readonly core?: string;
  readonly mode?: string;
  readonly label?: string;
  /** "test": held out; "unknown": the word is not known, which is a problem. */
  readonly split: "train" | "test" | "unknown";
  readonly rows?: number;
  readonly cols?: number;
  readonly bands?: number;
  readonly range?: readonly [low: number, high: number];
  /** Annotated pixels by class, of those that occur; missing when the cube has no labels. */
  readonly classes?: Readonly<Record<string, number>>;
  readonly error?: string;
}

/** What was understood of a cohort, and what is wrong with it. */
export interface CohortLook {
  readonly file?: string;
  readonly columns: readonly ColumnReading[];
  readonly cubes: readonly CubeLook[];
  readonly counts: {
    readonly cubes: number;
    readonly learned: number;
    readonly heldOut: number;
    readonly patients: number;
    readonly patientsHeldOut: number;
    readonly missing: number;
    readonly annotated: number;
  };
  /** Cubes by mode and by label; annotated pixels by class. */
  readonly modes: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, number>>;
  readonly classes: Readonly<Record<string, number>>;
  readonly remarks: readonly string[];
  /** With any of these a later command fails. */
  readonly problems: readonly string[];
}

/**
 * Look over a cohort without doing anything: read its file, open every cube, count. All that is wrong is listed at once. The spectra are
 * not read; files of one size are held against each other.
 */
export async function lookOver(
  inputs: { readonly file: string } | { readonly cubes: readonly string[] },
  options: Pick<RunOptions, "signal" | "onProgress"> & { readonly layout?: LayoutOptions } = {},
): Promise<CohortLook> {
  const reading =
    "file" in inputs
      ? examineCohort(inputs.file)
      : { columns: [], rows: cohortOf(inputs.cubes).rows, lines: [], remarks: [], problems: [] };
  const { rows, lines, columns } = reading;
  const remarks = [...reading.remarks];
  const problems = [...reading.problems];
  const cubes: CubeLook[] = [];
  const names: (readonly string[])[] = [];
  for (const [i, row] of rows.entries()) {
    options.signal?.throwIfAborted();
    const { look, classNames, remarks: own } = await lookAtRow(row, lines[i], options.layout ?? {});
    cubes.push(look);
    names.push(classNames);
    remarks.push(...own);
    if (look.error !== undefined) problems.push(look.error);
    options.onProgress?.({ stage: "look at the cubes", done: i + 1, total: rows.length, unit: "cubes" });
  }
  problems.push(...aboutClasses(cubes, names));
  const spelled = twoSpellings(new Set(cubes.flatMap(({ patients }) => patients)));
  // The cohort file's own reading has told those of its column.
  if (spelled && !reading.problems.some((text) => text.includes("two patients"))) {
    problems.push(`the patients "${spelled[0]}" and "${spelled[1]}" would count as two; write one patient in one way`);
  }
  await aboutSameFiles(cubes, remarks, problems, options.signal);
  remarks.push(...aboutPatients(cubes), ...aboutLabels(cubes));
  const learned = cubes.filter(({ split }) => split === "train");
  const heldOut = cubes.filter(({ split }) => split === "test");
  const mode = firstSpelling();
  return {
    file: "file" in inputs ? inputs.file : undefined,
    columns,
    cubes,
    counts: {
      cubes: cubes.length,
      learned: learned.length,
      heldOut: heldOut.length,
      patients: patientsOf(cubes).size,
      patientsHeldOut: patientsOf(heldOut).size,
      missing: cubes.filter(({ file }) => !existsSync(file)).length,
      annotated: cubes.filter(({ classes }) => classes).length,
    },
    modes: countBy(cubes.map((cube) => cube.mode && mode(cube.mode))),
    labels: countBy(cubes.map(({ label }) => label)),
    classes: sumByClass(cubes),
    remarks,
    problems,
  };
}

async function lookAtRow(
  row: CohortRow,
  line: number | undefined,
  layout: LayoutOptions,
): Promise<{ look: CubeLook; classNames: readonly string[]; remarks: readonly string[] }> {
  const { path: file, name, patient, core, mode, label } = row;
  const split = row.split === undefined ? "train" : (splitOf(row.split) ?? "unknown");
  const said = { file, name, line, core, mode, label, split } as const;
  try {
    const reader = await openCube(file, layoutOfRow(row, layout));
    try {
      const { cube } = reader;
      const { wavenumbers } = cube.axis;
      const counts = reader.labelCounts();
      const classNames = counts ? (cube.classNames ?? []) : [];
      const own = patient ?? cube.patient;
      const written = mode ?? cube.mode;
      const look: CubeLook = {
        ...said,
        patients: [...new Set(reader.patients?.() ?? (own === undefined ? [] : [own]))],
        core: core ?? cube.core,
        mode: written && modeName(written),
        rows: cube.rows,
        cols: cube.cols,
        bands: wavenumbers.length,
        range: [wavenumbers[0], wavenumbers[wavenumbers.length - 1]],
        classes:
          counts &&
          Object.fromEntries(
            classNames.flatMap((of, value) => (value && counts[value] ? [[of, counts[value]] as const] : [])),
          ),
      };
      return { look, classNames, remarks: reader.remarks ?? [] };
    } finally {
      reader.close();
    }
  } catch (thrown) {
    const error = errorOfFile(file, thrown).message;
    return { look: { ...said, patients: patient ? [patient] : [], error }, classNames: [], remarks: [] };
  }
}

/** Label values that two cubes call differently, or one cube twice by one name. */
function aboutClasses(cubes: readonly CubeLook[], names: readonly (readonly string[])[]): string[] {
  const problems: string[] = [];
  const known = new Map<number, { name: string; file: string }>();
  for (const [c, { file }] of cubes.entries()) {
    for (const [value, name] of names[c].entries()) {
      const before = known.get(value);
      if (before === undefined) known.set(value, { name, file });
      else if (wordKey(before.name) !== wordKey(name)) {
        problems.push(`${file} calls label ${value} "${name}", ${before.file} calls it "${before.name}"`);
      }
    }
  }
  const values = new Map<string, number>();
  for (const [value, { name, file }] of known) {
    const other = values.get(wordKey(name));
    if (other !== undefined) problems.push(`${file} calls the labels ${other} and ${value} one thing, "${name}"`);
    values.set(wordKey(name), value);
  }
  return problems;
}

async function aboutSameFiles(
  cubes: readonly CubeLook[],
  remarks: string[],
  problems: string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = cubes.map(({ file }) => file);
  for (const group of await sameFiles(files, signal)) {
    const same = `${group.map((i) => files[i]).join(" and ")} are the same file`;
    const patients = patientsOf(group.map((i) => cubes[i]));
    if (patients.size > 1) problems.push(`${same}, under the patients ${[...patients].join(" and ")}`);
    else remarks.push(same);
  }
}

function aboutPatients(cubes: readonly CubeLook[]): string[] {
  const without = cubes.filter(({ patients, error }) => !patients.length && error === undefined).length;
  const held = patientsOf(cubes.filter(({ split }) => split === "test"));
  const both = [...patientsOf(cubes.filter(({ split }) => split === "train"))].filter((name) => held.has(name));
  return [
    ...(without
      ? [
          `${without} of ${cubes.length} cubes have no patient: validate refuses them, or stamps with --missing-patients stamp`,
        ]
      : []),
    ...(both.length ? [`learned from and held out at once: the patients ${both.slice(0, 5).join(", ")}`] : []),
  ];
}

function aboutLabels(cubes: readonly CubeLook[]): string[] {
  const learned = cubes.filter(({ split, error }) => split === "train" && error === undefined);
  const without = learned.filter(({ classes }) => !classes || !Object.keys(classes).length);
  const remarks: string[] = [];
  if (!learned.length && cubes.length)
    remarks.push("every cube is held out: fit and validate have nothing to learn from");
  else if (without.length) {
    const which =
      without.length === learned.length ? "no cube is" : `${without.length} of ${learned.length} cubes are not`;
    remarks.push(`${which} annotated: fit and validate need /labels in every cube that they learn from`);
  }
  return remarks;
}

const patientsOf = (cubes: readonly CubeLook[]) => new Set(cubes.flatMap(({ patients }) => patients));

function countBy(names: readonly (string | undefined)[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function sumByClass(cubes: readonly CubeLook[]): Record<string, number> {
  const spelling = firstSpelling();
  const sums = new Map<string, number>();
  for (const { classes = {} } of cubes) {
    for (const [name, pixels] of Object.entries(classes)) {
      const one = spelling(name);
      sums.set(one, (sums.get(one) ?? 0) + pixels);
    }
  }
  return Object.fromEntries(sums);
}
