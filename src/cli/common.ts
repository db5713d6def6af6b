import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type LayoutOptions, orderOf } from "../read/layout.js";
import { MEMORY } from "../read/plan-reading.js";
import type { Paths } from "../report/finding-paths.js";

/** The options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed: number;
  readonly workers: number;
}

export function addCommon(command: Command): Command {
  return command
    .option("--seed <n>", "seed of every random draw", wholeNumber, 1)
    .option(
      "--workers <n>",
      "worker threads, at most one a core; 0 works in the main thread",
      wholeNumber,
      availableParallelism(),
    )
    .option("--json", "print one JSON object on stdout at the end, and nothing else there")
    .option("--quiet", "say nothing but errors; --json still prints its object");
}

/** The options that say where in a foreign HDF5 file the spectra are. */
export interface LayoutFlags {
  readonly dataset?: string;
  readonly axis?: string;
  readonly order?: string;
  readonly quantity?: "absorbance" | "transmittance";
  readonly axisUnits?: string;
  readonly rows?: number;
  readonly cols?: number;
  readonly labels?: string;
  readonly mask?: string;
  readonly pixelSizeUm?: number;
  readonly followLinks?: boolean;
  readonly classColumn?: string;
  readonly patientColumn?: string;
}

export function addLayout(command: Command): Command {
  return command
    .option(
      "--dataset <path>",
      "HDF5 dataset with the spectra, such as /data/intensities; found by itself in known layouts",
    )
    .option("--axis <path>", "HDF5 dataset with the wavenumbers")
    .option("--order <letters>", "order of the dimensions: rcb = rows, cols, bands; brc; bcr; crb; pb = pixels, bands")
    .addOption(new Option("--quantity <name>", "what the numbers are").choices(["absorbance", "transmittance"]))
    .option("--axis-units <unit>", "unit of the axis: cm-1, um, nm, eV and others")
    .option("--rows <n>", "image rows, for a list of pixels", wholeNumber)
    .option("--cols <n>", "image columns, for a list of pixels", wholeNumber)
    .option("--labels <path>", "HDF5 dataset with a label value a pixel; /labels if not given, none for no labels")
    .option("--mask <path>", "HDF5 dataset that is 0 where a pixel is left out; /mask if not given, none for no mask")
    .option("--pixel-size-um <um>", "edge of a pixel; what the file says if not given", sizeAboveZero)
    .option(
      "--follow-links",
      "follow links, virtual datasets and external storage out of the folder of the file too; without it that is refused",
    )
    .option("--class-column <name>", "header of the class in a table of spectra (CSV); found by its name if not given")
    .option("--patient-column <name>", "header of the patient in a table of spectra (CSV)");
}

export function layoutOf(flags: LayoutFlags): LayoutOptions {
  const { dataset, axis, order, quantity, axisUnits, rows, cols } = flags;
  const { labels, mask, pixelSizeUm, followLinks, classColumn, patientColumn } = flags;
  // Asked before any cube is opened: a mistake in the call is not charged to the cubes.
  const spectra = { dataset, axis, order: order && orderOf(order), quantity, axisUnits, rows, cols };
  return { ...spectra, labels, mask, pixelSizeUm, followLinks, classColumn, patientColumn };
}

/** The option that says how paths stand in findings and report. */
export interface PathsFlag {
  readonly paths: Paths;
}

export function pathsOption(): Option {
  return new Option(
    "--paths <how>",
    "paths of cubes in findings and report: as the report's folder sees them, or absolute",
  )
    .choices(["relative", "absolute"])
    .default("relative");
}

/** The option that says how much memory a run may take. */
export interface MemoryFlag {
  /** Bytes. */
  readonly memory: number;
}

export function addMemory(command: Command): Command {
  return command.addOption(
    new Option("--memory <size>", "memory for all workers together, such as 700MB or 4GB")
      .argParser(memorySize)
      .default(MEMORY, `${MEMORY / 1e6}MB`),
  );
}

/** Parse a size with its unit, such as 700MB, 1.5 GB or 512MiB, to bytes; at least 64 MB. */
export function memorySize(text: string): number {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*$/i.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("it must be a size such as 700MB or 4GB");
  const base = /i/i.test(unit) ? 1024 : 1000;
  const bytes = Number(number) * base ** ("KMGT".indexOf(unit[0].toUpperCase()) + 1);
  if (bytes < 64e6) throw new InvalidArgumentError("it must be at least 64MB");
  return bytes;
}

/** Parse an option that must be a whole number, 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("it must be a whole number");
  return Number(text);
}

/** Parse an option that must be a number above 0. */
export function sizeAboveZero(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError("it must be a number above 0");
  return value;
}

/** Parse an option that must be a number between 0 and 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError("it must be a number from 0 to 1");
  return value;
}
