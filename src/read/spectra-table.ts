import { readFileSync } from "node:fs";
import { dsvFormat } from "d3-dsv";
import { type Axis, axisFrom } from "../cube/axis.js";
import { messageOf, SpectraError } from "../cube/errors.js";

/** Annotated spectra from a table. */
export interface SpectraTable {
  readonly axis: Axis;
  readonly count: number;
  /** `values[row * bands + band]`, bands ascending; a missing value is NaN. */
  readonly values: Float32Array;
  /** Names by label value, index 0 "unlabelled". */
  readonly classNames: readonly string[];
  /** 0 where the class is empty. */
  readonly labels: Uint8Array;
  /** From a column named "patient", where there is one. */
  readonly patients?: readonly string[];
}

/**
 * Read a table of annotated spectra: class in the first column, wavenumbers in the header, one spectrum a line; other columns
 * (a patient, remarks) are those whose header is not a number. Orange's three header rows (names, types, flags) are understood:
 * the class is then the column flagged "class". Fields are separated by tabs if the header has one, else by semicolons or commas.
 */
export function readSpectraTable(path: string): SpectraTable {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  const [head = ""] = text.split(/\r?\n/, 1);
  const lines = dsvFormat(head.includes("\t") ? "\t" : head.includes(";") ? ";" : ",")
    .parseRows(text)
    .filter((line) => line.some((field) => field.trim() !== ""));
  const [header, ...rest] = lines;
  if (!header || !rest.length) throw new SpectraError("format", path, `${path} holds no spectra under a header`);
  const orange = isOrange(rest);
  const rows = orange ? rest.slice(2) : rest;
  const classColumn = orange ? rest[1].findIndex((flag) => /\bclass\b/.test(flag)) : 0;
  const bandColumns = [...header.keys()].filter((i) => i !== classColumn && isNumber(header[i]));
  if (classColumn < 0 || bandColumns.length < 2 || (!orange && isNumber(header[0]))) {
    throw new SpectraError(
      "format",
      path,
      `${path} is no table of annotated spectra: the first column must be the class and the header must hold wavenumbers; ` +
        `the header begins ${header.slice(0, 3).join(", ")}`,
    );
  }
  const axis = axisFrom(
    bandColumns.map((i) => Number(header[i])),
    path,
  );
  if (axis.sourceOrder === "descending") bandColumns.reverse();
  const values = new Float32Array(rows.length * bandColumns.length);
  for (const [row, line] of rows.entries()) {
    if (line.length !== header.length) {
      throw new SpectraError(
        "format",
        path,
        `${path}, spectrum ${row + 1}: ${line.length} fields where the header has ${header.length}`,
      );
    }
    for (const [band, column] of bandColumns.entries()) {
      values[row * bandColumns.length + band] = numberIn(line[column], path, row, header[column]);
    }
  }
  const names = rows.map((line) => line[classColumn].trim());
  const classNames = ["unlabelled", ...[...new Set(names)].filter((name) => name !== "").sort()];
  const patientColumn = header.findIndex((name) => name.trim().toLowerCase() === "patient");
  return {
    axis,
    count: rows.length,
    values,
    classNames,
    labels: Uint8Array.from(names, (name) => (name === "" ? 0 : classNames.indexOf(name))),
    ...(patientColumn >= 0 && { patients: rows.map((line) => line[patientColumn].trim()) }),
  };
}

/** Orange writes types (c, d, string …) in the second row and flags (class, meta) in the third. */
function isOrange([types, flags]: readonly string[][]): boolean {
  const known = /^(c|d|s|t|continuous|discrete|string|time|text|)$/i;
  return !!flags && types.every((type) => known.test(type.trim())) && flags.every((flag) => !isNumber(flag));
}

const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));

function numberIn(text: string, path: string, row: number, column: string): number {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === "?" || /^(nan|na)$/i.test(trimmed)) return Number.NaN;
  const value = Number(trimmed);
  if (!Number.isNaN(value)) return value;
  throw new SpectraError(
    "format",
    path,
    `${path}, spectrum ${row + 1}: "${trimmed}" at ${column} cm-1 is not a number`,
  );
}
