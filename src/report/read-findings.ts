import { readFile } from "node:fs/promises";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Findings } from "../cube/findings.js";
import { noteInputs } from "../cube/inputs.js";
import { findingsSchema } from "./findings-schema.js";

/**
 * Read a findings.json and check all of it, so that a report is made of it or an error says what is wrong and where.
 * A file that cannot be read is "missing", one that is not JSON or not of this schema is "format".
 */
export async function readFindings(path: string): Promise<Findings> {
  noteInputs([path]);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new SpectraError("missing", path, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SpectraError("format", path, `${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
  const checked = findingsSchema.safeParse(value);
  if (checked.success) return checked.data;
  const wrong = checked.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`);
  const message = `${path} is not a findings.json of this version (${wrong.join("; ")}); make it with validate or stain`;
  throw new SpectraError("format", path, message);
}
