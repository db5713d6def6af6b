import { csvFormatRows, csvParseRows } from "d3-dsv";

export type Cell = string | number | null | undefined;

/** What a spreadsheet takes for a formula: its signs, after blanks or our own quotes, and control characters before anything. */
const formula = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A table as CSV: a header, then a line a row; what is missing is empty. A text that a spreadsheet would take for a formula gets a '
 * in front, which `plainCell` takes away again.
 */
export function csvTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${csvFormatRows([header.map(safeCell), ...rows.map((row) => row.map(safeCell))])}\n`;
}

function safeCell(cell: Cell): string {
  const text = String(cell ?? "");
  return typeof cell === "string" && formula.test(text) && !number.test(text) ? `'${text}` : text;
}

/** A cell as it was before `csvTable` guarded it. */
export function plainCell(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}

/** A table that `csvTable` wrote, or one of its kind: the names of its header, and a record a line by them. */
export function parseCsvTable(text: string): {
  readonly columns: readonly string[];
  readonly rows: readonly ReadonlyMap<string, string>[];
} {
  const [header = [], ...lines] = csvParseRows(text.replace(/^\uFEFF/, ""));
  const columns = header.map((name) => plainCell(name.trim()));
  return { columns, rows: lines.map((line) => new Map(columns.map((name, i) => [name, plainCell(line[i] ?? "")]))) };
}
