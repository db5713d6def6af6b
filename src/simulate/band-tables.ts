import { readFileSync } from "node:fs";

/** A band of Gaussian shape. */
export interface Band {
  /** cm-1. */
  readonly position: number;
  /** Full width at half maximum, cm-1. */
  readonly fwhm: number;
  /** Relative to the amide I maximum of protein = 1, or as the table's `units` say. */
  readonly height: number;
}

/** The bands of one substance, as in `spectra/NAME.json`. */
export interface BandTable {
  readonly name: string;
  readonly source: string;
  /** How the table knows: "fitted to real", "recalled". */
  readonly origin: string;
  readonly bands: readonly Band[];
}

/** A weight, or the range it takes over the structures of a core. */
export type Weight = number | readonly [low: number, high: number];

/** What a class of tissue is made of, as in `spectra/class-recipes.json`. */
export interface ClassRecipe {
  /** The value in `/labels`. */
  readonly label: number;
  /** Amide I absorbance relative to an ordinary section. */
  readonly density: number;
  /** How readily a pathologist marks it; 1 = ordinary. */
  readonly annotated: number;
  /** Weights by name of the substance. */
  readonly weights: Readonly<Record<string, Weight>>;
}

export interface ClassRecipes {
  /** Amide I absorbance of an ordinary section. */
  readonly amideI: number;
  readonly classes: Readonly<Record<string, ClassRecipe>>;
}

/** What absorbs at a wavenumber, as in `spectra/assignments.json`. */
export interface Assignment {
  /** cm-1. */
  readonly wavenumber: number;
  readonly name: string;
  readonly assignment: string;
  readonly source: string;
  /** How the table knows: "read in the source", "fitted to real", "recalled". */
  readonly origin?: string;
}

/** The substances that tissue is mixed of, in the order of the component planes. */
export const substances = [
  "protein",
  "aggregated-protein",
  "collagen",
  "nucleic-acid",
  "phospholipid",
  "triacylglycerol",
  "glycogen",
  "mucin",
  "haemoglobin",
  "paraffin",
] as const;

export type Substance = (typeof substances)[number];

/** The band tables of all substances and of water vapour, read from the package's `spectra` folder. */
export function readBandTables(): Record<Substance | "water-vapour", BandTable> {
  const tables = [...substances, "water-vapour" as const].map((name) => [name, readJson(name) as BandTable]);
  return Object.fromEntries(tables);
}

/** The classes of the phantom: what they are made of and how they are annotated. */
export function readRecipes(): ClassRecipes {
  return readJson("class-recipes") as ClassRecipes;
}

/** Which vibration absorbs where, with the source of each entry; ascending as in the file. */
export function readAssignments(): Assignment[] {
  return (readJson("assignments") as { assignments: Assignment[] }).assignments;
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../spectra/${name}.json`, import.meta.url), "utf8"));
}
