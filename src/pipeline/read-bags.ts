import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Bag } from "../cube/bag.js";
import { plainCell } from "../cube/csv-table.js";
import { SpectraError } from "../cube/errors.js";
import { noteInputs } from "../cube/inputs.js";
import { readBag } from "../diagnose/bag-file.js";
import { readCsv } from "../read/csv-lines.js";
import { unchanged } from "../read/unchanged.js";
import { eachCube, type FailedCube, oneByOne } from "./each-cube.js";
import type { RunOptions } from "./progress.js";

/** A bag that cannot be read, and what bags.csv says of it. */
export interface UnreadBag extends FailedCube, Pick<Bag, "name" | "patient" | "biopsy" | "core"> {}

type BagPlace = Omit<UnreadBag, "error">;

/**
 * Read bags of which every one is needed, for a diagnosis learned from fewer would be another one under the same name: of a folder that
 * `bags` has written, of its bags.csv, or single files. All that cannot be read are told at once.
 */
export async function readBags(inputs: readonly string[]): Promise<Bag[]> {
  const { bags, unread } = await readEachBag(inputs);
  if (unread.length) throw unreadable(unread, "Every bag is needed: make them anew");
  return bags;
}

function unreadable(unread: readonly UnreadBag[], way: string): SpectraError {
  const all = unread.map(({ error }) => error).join("; ");
  const message = `${all}. ${way} with spectrastain bags, or take their lines out of bags.csv`;
  return new SpectraError("format", unread[0].file, message);
}

/** The same, but a bag that cannot be read is told and listed, and the others are read. */
export async function readEachBag(
  inputs: readonly string[],
  options: Pick<RunOptions, "signal" | "onRemark"> = {},
): Promise<{ bags: Bag[]; unread: UnreadBag[] }> {
  const places = [...new Map(inputs.flatMap(placesOf).map((place) => [place.file, place])).values()];
  noteInputs([...inputs, ...places.map(({ file }) => file)]);
  if (!places.length) throw new SpectraError("missing", inputs.join(", "), `${inputs.join(", ")} names no bag`);
  const read = ({ file }: BagPlace) => unchanged([file], () => readBag(file));
  const outcomes = await eachCube(places, ({ file }) => file, oneByOne, read, options);
  const bags = outcomes.flatMap((of) => ("result" in of ? [of.result] : []));
  const unread = outcomes.flatMap((of) => ("error" in of ? [{ ...of.item, error: of.error.message }] : []));
  if (!bags.length) throw unreadable(unread, "No bag is left: make them anew");
  return { bags, unread };
}

function placesOf(input: string): BagPlace[] {
  const status = statSync(input, { throwIfNoEntry: false });
  if (status?.isDirectory()) {
    const index = join(input, "bags.csv");
    if (existsSync(index)) return placesOf(index);
    throw new SpectraError(
      "missing",
      input,
      `${input} has no bags.csv; make bags with: spectrastain bags MODEL.h5 COHORT.csv --stain MAPS --out ${input}`,
    );
  }
  if (!/\.csv$/i.test(input)) return [placeOf(input)];
  if (!status) throw new SpectraError("missing", input, `${input} cannot be read: there is no such file`);
  const { header, lines } = readCsv(input);
  const names = header.fields.map((name) => name.trim().toLowerCase());
  if (!names.includes("bag")) throw new SpectraError("format", input, `${input} has no column "bag"`);
  return lines.map(({ line, fields }) => {
    const cell = (name: string) => plainCell((fields[names.indexOf(name)] ?? "").trim());
    const bag = cell("bag");
    if (bag === "") throw new SpectraError("format", input, `${input}, line ${line}: the bag is empty`);
    const [patient, biopsy, core] = ["patient", "biopsy", "core"].map((name) => cell(name) || undefined);
    return { ...placeOf(join(dirname(input), bag)), patient, biopsy, core };
  });
}

const placeOf = (path: string): BagPlace => ({ file: resolve(path), name: basename(path).replace(/\.bag\.h5$/, "") });
