import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { csvParse } from "d3-dsv";
import type { Bag } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import { readBag } from "../diagnose/bag-file.js";

/** Read bags: of a folder that `bags` has written, of its bags.csv, or single files. */
export async function readBags(inputs: readonly string[]): Promise<Bag[]> {
  const bags: Bag[] = [];
  for (const path of inputs.flatMap(filesOf)) bags.push(await readBag(path));
  if (!bags.length) throw new SpectraError("missing", inputs.join(", "), `${inputs.join(", ")} names no bag`);
  return bags;
}

function filesOf(input: string): string[] {
  const status = statSync(input, { throwIfNoEntry: false });
  if (status?.isDirectory()) {
    const index = join(input, "bags.csv");
    if (existsSync(index)) return filesOf(index);
    throw new SpectraError(
      "missing",
      input,
      `${input} has no bags.csv; make bags with: spectrastain bags MODEL.h5 COHORT.csv --stain MAPS --out ${input}`,
    );
  }
  if (!/\.csv$/i.test(input)) return [input];
  if (!status) throw new SpectraError("missing", input, `${input} cannot be read: there is no such file`);
  const rows = csvParse(readFileSync(input, "utf8"));
  if (!rows.columns.includes("bag")) throw new SpectraError("format", input, `${input} has no column "bag"`);
  return rows.map(({ bag }) => join(dirname(input), bag));
}
