import { readFileSync } from "node:fs";
import { messageOf, SpectraError } from "../cube/errors.js";

/** A line of a CSV with its number in the file, counted from 1; where a quoted field spans several, that of the first. */
export interface CsvLine {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A CSV as people keep them: the header and what follows it, without blank and comment lines. */
export interface Csv {
  readonly separator: "," | ";" | "\t";
  readonly header: CsvLine;
  readonly lines: readonly CsvLine[];
  /** Numbers of the lines that begin with #. */
  readonly comments: readonly number[];
}

const separators = ["\t", ";", ","] as const;

/**
 * Read a CSV: commas, semicolons or tabs, whichever the header has most of; quoted fields, CRLF, a byte order mark, UTF-16 as
 * spreadsheets write it. Lines that begin with # are comments, and a first line `sep=;` names the separator.
 */
export function readCsv(path: string): Csv {
  return parseCsv(readText(path), path);
}

/** Text of a file in UTF-8 or UTF-16 by its mark; in Windows' Latin where it is neither. */
export function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return decodeText(bytes, path);
}

export function decodeText(bytes: Uint8Array, path: string): string {
  const mark = (bytes[0] << 8) | bytes[1];
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: encoding === "utf-8" }).decode(bytes);
  } catch {
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  const nul = text.indexOf("\0");
  if (nul < 0) return text;
  const line = text.slice(0, nul).split(/\r\n|\r|\n/).length;
  throw new SpectraError(
    "format",
    path,
    `${path} is not text: there is a NUL byte in line ${line}; save it as CSV in UTF-8`,
  );
}

/** The parts of a CSV; `path` is named in errors. */
export function parseCsv(text: string, path: string): Csv {
  const named = /^\s*sep=(.)\s*?(\r\n|\r|\n)/i.exec(text);
  const separator = separators.find((sign) => sign === named?.[1]) ?? separatorOf(text);
  const comments: number[] = [];
  const lines: CsvLine[] = [];
  for (const found of linesOf(text, separator, path)) {
    if (named && found.line === 1) continue;
    if (found.fields === undefined) comments.push(found.line);
    else if (found.fields.some((field) => field.trim() !== "")) lines.push({ line: found.line, fields: found.fields });
  }
  const [header = { line: 1, fields: [] }, ...rest] = lines;
  return { separator, header, lines: rest, comments };
}

/** The sign that the first line of words has most of, outside of quotes: `class;patient;900,0` has decimal commas. */
function separatorOf(text: string): Csv["separator"] {
  const header = text.split(/\r\n|\r|\n/).find((line) => line.trim() !== "" && !line.trimStart().startsWith("#")) ?? "";
  const bare = header.replace(/"[^"]*"/g, "");
  const counts = separators.map((sign) => bare.split(sign).length);
  return separators[counts.indexOf(Math.max(...counts))];
}

/** The lines of a text, comments without fields. */
function* linesOf(
  text: string,
  separator: string,
  path: string,
): Generator<{ readonly line: number; readonly fields?: string[] }> {
  const stop = new RegExp(`[${separator}\r\n]`, "g");
  const quote = separator === "\t" ? / *"/y : /[ \t]*"/y;
  const comment = /[ \t]*#/y;
  let line = 1;
  let at = 0;
  const endOfLine = (from: number): number => {
    stop.lastIndex = from;
    return stop.exec(text)?.index ?? text.length;
  };
  while (at < text.length) {
    const first = line;
    comment.lastIndex = at;
    const remark = comment.test(text);
    const fields: string[] = [];
    for (let more = true; more; ) {
      let field = "";
      quote.lastIndex = at;
      if (!remark && quote.test(text)) {
        at = quote.lastIndex;
        for (let open = true; open; ) {
          const end = text.indexOf('"', at);
          if (end < 0) {
            throw new SpectraError("format", path, `${path}, line ${first}: a quoted field begins and does not end`);
          }
          open = text[end + 1] === '"';
          field += text.slice(at, open ? end + 1 : end);
          at = end + (open ? 2 : 1);
        }
        line += field.match(/\r\n|\r|\n/g)?.length ?? 0;
      }
      const end = endOfLine(at);
      fields.push(field + text.slice(at, end));
      more = text[end] === separator;
      at = end + (text.startsWith("\r\n", end) ? 2 : 1);
    }
    line++;
    yield remark ? { line: first } : { line: first, fields };
  }
}
