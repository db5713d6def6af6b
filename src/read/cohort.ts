import { createHash } from "node:crypto";
import { basename, dirname, extname, relative, resolve } from "node:path";
import type { Cohort, CohortRow } from "../cube/cohort.js";
import { plainCell } from "../cube/csv-table.js";
import { SpectraError } from "../cube/errors.js";
import { SPLIT_WORDS, splitOf } from "../cube/split-words.js";
import { firstSpelling, modeName, tidyName, twoSpellings, wordKey } from "../cube/words.js";
import { type ColumnReading, readColumns, rowColumns } from "./cohort-columns.js";
import { type Csv, readCsv } from "./csv-lines.js";

/** A cohort file as it was understood, with everything that is wrong with it. */
export interface CohortReading {
  readonly path: string;
  readonly separator: string;
  readonly columns: readonly ColumnReading[];
  readonly rows: readonly CohortRow[];
  /** The line of each row in the file. */
  readonly lines: readonly number[];
  readonly remarks: readonly string[];
  /** Each names the file, and the row where there is one; with any of them the file is refused. */
  readonly problems: readonly string[];
}

/**
 * Read a cohort file: a CSV with a header, a row a cube; commas, semicolons or tabs. Only the column `cube` must be there; paths are
 * relative to the file. Words are read without regard to case and blanks, and one that is not known is refused, with its row.
 * Whether the cubes exist shows when they are opened, so that one that is missing does not stop the others.
 */
export async function readCohort(path: string): Promise<Cohort> {
  const { rows, problems, remarks } = examineCohort(path);
  const [first, ...more] = problems;
  if (first !== undefined) {
    const rest = more.length ? ` (and ${more.length} more; spectrastain cohort ${path} lists them)` : "";
    throw new SpectraError("format", path, `${first}${rest}`);
  }
  return { path: resolve(path), rows, remarks };
}

/** Read a cohort file with all that is wrong with it, instead of stopping at the first. */
export function examineCohort(path: string): CohortReading {
  const csv = readCsv(path);
  const { header, lines: under, separator, comments } = csv;
  const found = readColumns(header.fields.map(plainCell));
  const problems = found.problems.map(
    (problem) => `${path}, line ${header.line}: ${problem}; name one of them otherwise`,
  );
  const remarks = [...found.remarks, ...aboutLines(csv, comments)];
  const columns = splitColumn(found.columns, under, remarks);
  const known = new Map(columns.flatMap(({ as, known }, i) => (known && as !== undefined ? [[as, i] as const] : [])));
  if (!known.has("cube")) {
    const said = header.fields.length ? `; line ${header.line} reads ${header.fields.slice(0, 6).join(", ")}` : "";
    problems.unshift(
      `${path} has no column "cube"; a cohort file has the columns cube, ${rowColumns.join(", ")}${said}`,
    );
    return { path, separator, columns, rows: [], lines: [], remarks, problems };
  }
  if (!under.length) problems.push(`${path} names no cube under its header`);

  const folder = dirname(resolve(path));
  const label = firstSpelling();
  const mode = firstSpelling();
  const unknownModes = new Set<string>();
  const drafts: { said: Omit<CohortRow, "name">; line: number; cube: string; index: number }[] = [];
  const heldOut = new Map<string, number[]>();
  for (const [i, { line, fields: written }] of under.entries()) {
    const at = `${path}, row ${i + 1} (line ${line})`;
    const fields = trimmed(written, columns.length);
    if (fields.length !== columns.length) {
      problems.push(
        `${at}: ${fields.length} fields where the header has ${columns.length}; quote fields that hold the separator`,
      );
      continue;
    }
    const field = (name: string) => {
      const column = known.get(name);
      return column === undefined ? "" : plainCell(fields[column].trim());
    };
    const cube = field("cube");
    if (cube === "") {
      problems.push(`${at}: the cube is empty`);
      continue;
    }
    const named = (name: string) => tidyName(field(name)) || undefined;
    const splitWord = named("split");
    const split = splitWord === undefined ? undefined : splitOf(splitWord);
    if (splitWord !== undefined && split === undefined) {
      problems.push(`${at}: the split "${splitWord}" is not known; say ${SPLIT_WORDS}`);
    }
    if (splitWord !== undefined && split === "test" && wordKey(splitWord) !== "test") {
      heldOut.set(splitWord, [...(heldOut.get(splitWord) ?? []), i + 1]);
    }
    const modeWord = named("mode");
    const said = {
      path: resolve(folder, cube),
      patient: named("patient"),
      core: named("core"),
      slide: named("slide"),
      mode: modeWord && mode(modeName(modeWord)),
      label: named("label") && label(field("label")),
      // A word that is not known stays for `cohort` to show; the file is refused.
      split: split ?? splitWord,
      extra: Object.fromEntries(
        columns.flatMap(({ as }, c) =>
          as === undefined || as === "cube" || (rowColumns as readonly string[]).includes(as)
            ? []
            : [[as, plainCell(fields[c].trim())] as const],
        ),
      ),
    };
    if (said.mode && said.mode !== "SD" && said.mode !== "HD") unknownModes.add(said.mode);
    drafts.push({ said, line, cube, index: i + 1 });
  }
  for (const [word, rows] of heldOut) {
    remarks.push(`the split "${word}" is understood as held out (${rows.length === 1 ? "row" : "rows"} ${some(rows)})`);
  }
  for (const word of unknownModes)
    remarks.push(`the mode "${word}" is neither SD nor HD, and is taken for a mode of its own`);
  const patients = twoSpellings(drafts.flatMap(({ said }) => said.patient ?? []));
  if (patients) {
    const [a, b] = patients.map((name) => drafts.find(({ said }) => said.patient === name)!);
    problems.push(
      `${path}: row ${a.index} has the patient "${a.said.patient}", row ${b.index} "${b.said.patient}"; ` +
        "they would count as two patients: write one patient in one way",
    );
  }
  const first = new Map<string, number>();
  for (const { said, index } of drafts) {
    const before = first.get(said.path);
    if (before === undefined) first.set(said.path, index);
    else problems.push(`${path} names ${said.path} twice (rows ${before} and ${index}); a cube stands in one row`);
  }
  const names = uniqueNames(
    drafts.map(({ cube }) => cube),
    drafts.map(({ said }) => relative(folder, said.path)),
  );
  return {
    path,
    separator,
    columns,
    rows: drafts.map(({ said: { path: cube, ...said } }, i): CohortRow => ({ path: cube, name: names[i], ...said })),
    lines: drafts.map(({ line }) => line),
    remarks,
    problems,
  };
}

/** What spreadsheets append: empty fields behind the last column. */
function trimmed(fields: readonly string[], columns: number): readonly string[] {
  let length = fields.length;
  while (length > columns && fields[length - 1].trim() === "") length--;
  return fields.slice(0, length);
}

function aboutLines({ header }: Csv, comments: readonly number[]): string[] {
  const under = comments.filter((line) => line > header.line);
  return under.length ? [`lines that begin with # are passed over: ${some(under)}`] : [];
}

/**
 * A column that is not called split, but says so by its words, is one where there is no other: "purpose" with train and test.
 * One whose name is only like split must hold words that are known.
 */
function splitColumn(
  columns: readonly ColumnReading[],
  lines: Csv["lines"],
  remarks: string[],
): readonly ColumnReading[] {
  const wordsOf = (i: number) => lines.map(({ fields }) => fields[i]?.trim() ?? "").filter((word) => word !== "");
  const isSplit = (i: number) => {
    const words = wordsOf(i);
    return words.length > 0 && words.every(splitOf) && words.some((word) => splitOf(word) === "test");
  };
  const named = columns.findIndex(({ as }) => as === "split");
  if (named >= 0) {
    const tidy = tidyName(columns[named].header);
    if (/^splits?$/i.test(tidy) || wordsOf(named).every(splitOf)) return columns;
    const said = remarks.indexOf(`column "${tidy}" is taken for "split"`);
    if (said >= 0) remarks.splice(said, 1);
    return columns.map((of, i) => (i === named ? { ...of, as: tidy, known: false } : of));
  }
  const found = columns.findIndex(({ as, known }, i) => as !== undefined && !known && isSplit(i));
  if (found < 0) return columns;
  const slip = remarks.findIndex((text) => text.startsWith(`column "${tidyName(columns[found].header)}" looks like`));
  if (slip >= 0) remarks.splice(slip, 1);
  remarks.push(`column "${tidyName(columns[found].header)}" holds the words of "split", and is taken for it`);
  return columns.map((of, i) => (i === found ? { ...of, as: "split", known: true } : of));
}

/** At most five numbers, and how many more there are. */
function some(numbers: readonly number[]): string {
  return `${numbers.slice(0, 5).join(", ")}${numbers.length > 5 ? ` and ${numbers.length - 5} more` : ""}`;
}

/** A cohort of cubes named one by one; all that is known of them stands in the files themselves. */
export function cohortOf(paths: readonly string[]): Cohort {
  const names = uniqueNames(
    paths,
    paths.map((path) => relative("", path)),
  );
  return { rows: paths.map((path, i) => ({ path: resolve(path), name: names[i], extra: {} })) };
}

/**
 * Names for outputs: the file name without its ending, only what is safe in a file name. Where several files have one name each gets a
 * piece of a hash of its path behind it, which does not depend on the order of the rows.
 */
function uniqueNames(paths: readonly string[], places: readonly string[]): string[] {
  const safe = paths.map((path) => {
    const file = basename(path.replaceAll("\\", "/"));
    const base = file.slice(0, file.length - extname(file).length);
    return base.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^\.+/, "") || "cube";
  });
  const count = (names: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
    return (name: string) => counts.get(name.toLowerCase())!;
  };
  const hashes = places.map((place) => createHash("sha256").update(place.replaceAll("\\", "/")).digest("hex"));
  let names = safe;
  for (let length = 6; ; length += 2) {
    const times = count(names);
    if (names.every((name) => times(name) === 1)) return names;
    // Only one file named twice has twice the same whole hash.
    if (length > 64) return names.map((name, i) => (names.indexOf(name) === i ? name : `${name}-${i + 1}`));
    // All that share a name get a piece, or a longer one where even that is another's name.
    names = names.map((name, i) => (times(name) === 1 ? name : `${safe[i]}-${hashes[i].slice(0, length)}`));
  }
}
