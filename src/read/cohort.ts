import { readFileSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { dsvFormat } from "d3-dsv";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { messageOf, SpectraError } from "../cube/errors.js";

const known = ["patient", "core", "slide", "mode", "label", "split"] as const;

/**
 * Read a cohort file: a CSV with a header, a row a cube; semicolons or tabs will do where the header has no comma. Only the column `cube` must be there; paths are relative to the file.
 * Whether the cubes exist shows when they are opened, so that one that is missing does not stop the others.
 */
export async function readCohort(path: string): Promise<Cohort> {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  // Spreadsheets of many countries write "CSV" with semicolons.
  const separator = [",", ";", "\t"].find((sign) => text.split(/\r?\n/, 1)[0].includes(sign)) ?? ",";
  const lines = dsvFormat(separator)
    .parseRows(text)
    .filter((line) => line.some((field) => field.trim() !== ""));
  const header = (lines.shift() ?? []).map((name) => name.trim());
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (!header.includes("cube") || twice !== undefined) {
    const why = twice === undefined ? 'has no column "cube"' : `has two columns "${twice}"`;
    throw new SpectraError("format", path, `${path} ${why}; a cohort file has the columns cube, ${known.join(", ")}`);
  }
  if (!lines.length) throw new SpectraError("format", path, `${path} names no cube under its header`);
  const folder = dirname(resolve(path));
  const entries = lines.map((line, i) => {
    if (line.length !== header.length) {
      throw new SpectraError(
        "format",
        path,
        `${path}, row ${i + 1}: ${line.length} fields where the header has ${header.length}; quote fields that hold the separator`,
      );
    }
    const fields = Object.fromEntries(header.map((name, column) => [name, line[column].trim()]));
    if (!fields.cube) throw new SpectraError("format", path, `${path}, row ${i + 1}: the cube is empty`);
    return fields;
  });
  const names = uniqueNames(entries.map(({ cube }) => cube));
  const paths = entries.map(({ cube }) => resolve(folder, cube));
  const again = paths.find((cube, i) => paths.indexOf(cube) !== i);
  if (again) throw new SpectraError("format", path, `${path} names ${again} twice; a cube stands in one row`);
  return {
    path: resolve(path),
    rows: entries.map((fields, i): CohortRow => {
      const said = Object.fromEntries(known.map((name) => [name, fields[name] || undefined]));
      const others = Object.entries(fields).filter(
        ([name]) => name !== "cube" && !(known as readonly string[]).includes(name),
      );
      return { path: paths[i], name: names[i], ...said, extra: Object.fromEntries(others) };
    }),
  };
}

/** A cohort of cubes named one by one; all that is known of them stands in the files themselves. */
export function cohortOf(paths: readonly string[]): Cohort {
  const names = uniqueNames(paths);
  return { rows: paths.map((path, i) => ({ path: resolve(path), name: names[i], extra: {} })) };
}

/** Names for outputs: the file name without its ending, only what is safe in a file name, and each once. */
function uniqueNames(paths: readonly string[]): string[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const file = basename(path.replaceAll("\\", "/"));
    const base = file.slice(0, file.length - extname(file).length);
    const safe = base.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^\.+/, "") || "cube";
    let name = safe;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${safe}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
