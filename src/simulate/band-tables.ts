import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { messageOf, SpectraError } from "../cube/errors.js";
import { parseJson } from "../cube/parse-json.js";
import { recordOf } from "../cube/record-schema.js";

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

const positive = z.number().positive();
const bandTable = z.looseObject({
  name: z.string(),
  source: z.string(),
  origin: z.string(),
  bands: z.array(z.object({ position: positive, fwhm: positive, height: z.number() })).min(1),
});

const weight = z.union([
  z.number().nonnegative(),
  // From one end of a structure to the other: stroma has less protein where it has more collagen.
  z.tuple([z.number().nonnegative(), z.number().nonnegative()]),
]);
const classRecipes = z.looseObject({
  amideI: positive,
  classes: recordOf(
    z.looseObject({
      label: z.int().min(1).max(255),
      density: z.number().nonnegative(),
      annotated: z.number().nonnegative(),
      weights: recordOf(weight).refine(
        (weights) => Object.keys(weights).every((name) => (substances as readonly string[]).includes(name)),
        `substances are ${substances.join(", ")}`,
      ),
    }),
  )
    .refine((classes) => {
      const labels = Object.values(classes).map(({ label }) => label);
      return labels.toSorted((a, b) => a - b).every((label, i) => label === i + 1);
    }, "the labels must be 1, 2, 3 and so on")
    .refine(({ cancer, benign }) => cancer && benign, "there must be cancer and benign"),
});

const assignments = z.looseObject({
  assignments: z.array(
    z.looseObject({
      wavenumber: positive,
      name: z.string(),
      assignment: z.string(),
      source: z.string(),
      origin: z.string().optional(),
    }),
  ),
});

/** What the air in the instrument absorbs by. */
export const gases = ["water-vapour", "carbon-dioxide"] as const;

/** The band tables of all substances and gases, read from the package's `spectra` folder. */
export function readBandTables(): Record<Substance | (typeof gases)[number], BandTable> {
  const tables = [...substances, ...gases].map((name) => [name, readBandTable(shipped(name))]);
  return Object.fromEntries(tables);
}

/** One band table, checked: a band of no width would make a spectrum of NaN. */
export function readBandTable(path: string): BandTable {
  return parseJson(textOf(path), path, bandTable);
}

/** The classes of the phantom: what they are made of and how they are annotated. */
export function readRecipes(path: string = shipped("class-recipes")): ClassRecipes {
  return parseJson(textOf(path), path, classRecipes);
}

/** Which vibration absorbs where, with the source of each entry; ascending as in the file. */
export function readAssignments(path: string = shipped("assignments")): Assignment[] {
  return parseJson(textOf(path), path, assignments).assignments;
}

const shipped = (name: string) => fileURLToPath(new URL(`../../spectra/${name}.json`, import.meta.url));

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
