import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** So many bytes at either end of a file are looked at. */
const REACH = 8192;

/**
 * The mark of a kind of file of this program: the KIND of `spectrastain/KIND/1` in its first or last bytes (the attribute `format` of a
 * model, the `schema` of findings.json, a text in a picture), or the generator of a report; of a table, which has no room for a mark,
 * its first columns. Undefined for anything else.
 */
export function markOfFile(path: string): string | undefined {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const data = Buffer.alloc(Math.min(size, 2 * REACH));
    const head = readSync(file, data, 0, Math.min(REACH, data.length), 0);
    if (data.length > head) readSync(file, data, head, data.length - head, size - (data.length - head));
    return markIn(data.toString("latin1"));
  } finally {
    closeSync(file);
  }
}

function markIn(text: string): string | undefined {
  const kind = /spectrastain\/([a-z-]+)\/\d/.exec(text)?.[1];
  if (kind !== undefined) return kind;
  if (/<meta name="generator" content="spectrastain /.test(text)) return "report";
  return /^(?:[a-z_]+,){2}[a-z_]+(?=[,\r\n])/.exec(text)?.[0];
}
