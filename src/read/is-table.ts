import { closeSync, openSync, readSync } from "node:fs";
import { bandColumns } from "./band-headers.js";
import { decodeText, parseCsv } from "./csv-lines.js";

/** The endings of text files: tables of spectra, or cohort files. */
export const isTextFile = (path: string) => /\.(csv|tsv|tab|txt)$/i.test(path);

/** Bytes that a header with its comments may take. */
const START = 1 << 20;

/** Whether a text file is a table of spectra: its header holds wavenumbers; a cohort file's holds words. */
export function isTable(path: string): boolean {
  let start: Buffer;
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(START);
      start = bytes.subarray(0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
    // Only whole lines, so that no quoted field is cut in two: a header has one line.
    const text = decodeText(start, path);
    const lines = text.split(/(?<=\r\n|\r|\n)/);
    const at = lines.findIndex((line) => line.trim() !== "" && !/^\s*(#|sep=)/i.test(line));
    return at >= 0 && bandColumns(parseCsv(lines.slice(0, at + 1).join(""), path).header.fields).length >= 2;
  } catch {
    // A file that cannot be read is reported by the reader, with its reason.
    return false;
  }
}
