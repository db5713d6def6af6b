import { type Axis, axisFrom } from "../cube/axis.js";
import { plainCell } from "../cube/csv-table.js";
import { messageOf, SpectraError } from "../cube/errors.js";
import { firstSpelling, tidyName, twoSpellings, wordKey } from "../cube/words.js";
import { bandColumns } from "./band-headers.js";
import { type CsvLine, readCsv } from "./csv-lines.js";
import { type NamedColumns, type TableColumns, tableColumns } from "./table-columns.js";

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
  /** From the column of the patient, where there is one. */
  readonly patients?: readonly string[];
  /** How columns and words were understood. */
  readonly remarks: readonly string[];
}

/**
 * Read a table of annotated spectra: wavenumbers in the header, one spectrum a line, class and patient in the columns that are called
 * so; other columns are those whose header is no number. Orange's three header rows (names, types, flags) are understood:
 * the class is then the column flagged "class". Numbers may have decimal commas, headers a unit. Spellings of a class that differ in
 * case or blanks are one. A class that is another one in nearly every row is an identifier, and refused unless it was named.
 */
export function readSpectraTable(path: string, named: NamedColumns & { readonly units?: string } = {}): SpectraTable {
  const csv = readCsv(path);
  const header = csv.header.fields.map((field) => plainCell(field));
  const rest = csv.lines;
  const fail = (message: string): never => {
    throw new SpectraError("format", path, message);
  };
  if (!header.length || !rest.length) fail(`${path} holds no spectra under a header`);
  const orange = isOrange(rest);
  const rows = orange ? rest.slice(2) : rest;
  const flagged = orange ? rest[1].fields.findIndex((flag) => /\bclass\b/.test(flag)) : -1;
  const bands = bandColumns(header).filter(({ column }) => column !== flagged);
  const begins = `line ${csv.header.line} begins ${header.slice(0, 4).join(", ")}`;
  if (bands.length < 2) {
    fail(
      `${path} is no table of annotated spectra: the header must hold wavenumbers, alone or with a unit, beside the column ` +
        `of the class; ${begins}`,
    );
  }
  const units = [...new Set(bands.map(({ band }) => band.unit ?? ""))];
  if (units.length > 1)
    fail(`${path}: the header has several units: ${units.map((unit) => unit || "none").join(", ")}`);
  for (const { line, fields } of rows) {
    if (fields.length === header.length) continue;
    const count = `${fields.length} fields where the header has ${header.length}`;
    const commas = fields.length > header.length && csv.separator === "," ? "; decimal commas need ; or tabs" : "";
    fail(`${path}, line ${line}: ${count}${commas}`);
  }
  const cells = rows.map(({ fields }) => fields);
  const isBand = new Set(bands.map(({ column }) => column));
  const candidates = [...header.keys()].filter((column) => !isBand.has(column));
  const columns = found(header, cells, candidates, flagged, named, path);
  const { classColumn, patientColumn } = columns;
  const inBands = bands.filter(({ column }) => column !== classColumn && column !== patientColumn);
  const axis = axisOf(inBands, units[0] || named.units, path, csv.header.line);
  if (axis.sourceOrder === "descending") inBands.reverse();
  const values = new Float32Array(rows.length * inBands.length);
  for (const [row, line] of rows.entries()) {
    for (const [band, { column }] of inBands.entries()) {
      values[row * inBands.length + band] = numberIn(line, column, path, header[column]);
    }
  }

  const remarks = [...columns.remarks];
  const spelling = firstSpelling();
  const names = cells.map((fields) => {
    const name = tidyName(plainCell(fields[classColumn]));
    return isNoClass(name) ? "" : spelling(name);
  });
  const classes = [...new Set(names)].filter((name) => name !== "").sort();
  checkClasses(classes, names, header[classColumn], named.classColumn !== undefined || orange, path);
  if (!orange && patientColumn === undefined)
    remarks.push("no column is called patient: the table counts as one patient");
  const classNames = ["unlabelled", ...classes];
  const patients =
    patientColumn === undefined ? undefined : cells.map((fields) => tidyName(plainCell(fields[patientColumn])));
  checkPatients(patients, rows, path);
  return {
    axis,
    count: rows.length,
    values,
    classNames,
    labels: Uint8Array.from(names, (name) => (name === "" ? 0 : classNames.indexOf(name))),
    ...(patients && { patients }),
    remarks: remarks.map((remark) => `${path}: ${remark}`),
  };
}

function found(
  header: readonly string[],
  cells: readonly (readonly string[])[],
  candidates: readonly number[],
  flagged: number,
  named: NamedColumns,
  path: string,
): TableColumns {
  // The flag of Orange says what a name would.
  if (flagged < 0 || named.classColumn !== undefined) return tableColumns(header, cells, candidates, named, path);
  const withClass = [...header.slice(0, flagged), "class", ...header.slice(flagged + 1)];
  return tableColumns(withClass, cells, candidates, named, path);
}

/** Orange writes types (c, d, string …) in the second row and flags (class, meta) in the third. */
function isOrange([types, flags]: readonly CsvLine[]): boolean {
  const known = /^(c|d|s|t|continuous|discrete|string|time|text|)$/i;
  return (
    !!flags &&
    types.fields.every((type) => known.test(type.trim())) &&
    flags.fields.every((flag) => flag.trim() === "" || !/^[\d.,+-]+$/.test(flag.trim()))
  );
}

function axisOf(bands: ReturnType<typeof bandColumns>, units: string | undefined, path: string, line: number): Axis {
  try {
    return axisFrom(
      bands.map(({ band }) => band.value),
      path,
      units,
    );
  } catch (thrown) {
    if (!(thrown instanceof SpectraError)) throw thrown;
    throw new SpectraError(thrown.kind, path, `${path}, line ${line}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** What stands for "not annotated". */
const isNoClass = (name: string) => name === "" || name === "?" || /^(unlabell?ed|nan|n\/?a)$/.test(wordKey(name));

function checkClasses(
  classes: readonly string[],
  names: readonly string[],
  header: string,
  insisted: boolean,
  path: string,
): void {
  const annotated = names.filter((name) => name !== "").length;
  const column = tidyName(header) || "without a name";
  if (!insisted && classes.length > 2 && classes.length > annotated / 2) {
    throw new SpectraError(
      "labels",
      path,
      `${path}: is the column "${column}" the class? It holds ${classes.length} different words for ${annotated} spectra ` +
        `(${classes.slice(0, 3).join(", ")} …), as an identifier does; name the column with --class-column NAME`,
    );
  }
  if (classes.length <= 255) return;
  throw new SpectraError(
    "labels",
    path,
    `${path}: the column "${column}" holds ${classes.length} classes; at most 255 can be told apart`,
  );
}

function checkPatients(patients: readonly string[] | undefined, rows: readonly CsvLine[], path: string): void {
  if (!patients) return;
  const empty = patients.indexOf("");
  if (empty >= 0 && patients.some((name) => name !== "")) {
    const message = `${path}, line ${rows[empty].line}: the patient is empty; fill it, or take the row out`;
    throw new SpectraError("patients", path, message);
  }
  const two = twoSpellings(patients);
  if (!two) return;
  const lines = two.map((name) => `"${name}" (line ${rows[patients.indexOf(name)].line})`).join(" and ");
  const message = `${path}: the patients ${lines} would count as two; write one patient in one way`;
  throw new SpectraError("patients", path, message);
}

const decimal = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

function numberIn({ line, fields }: CsvLine, column: number, path: string, header: string): number {
  const text = plainCell(fields[column].trim()).replace("−", "-");
  if (text === "" || text === "?" || /^(nan|n\/?a|null)$/i.test(text)) return Number.NaN;
  if (decimal.test(text)) return Number(text.replace(",", "."));
  // It is rejected with the reason "not finite" later on.
  if (/^[+-]?inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  throw new SpectraError(
    "format",
    path,
    `${path}, line ${line}: "${text}" in the column ${header.trim()} is not a number`,
  );
}
