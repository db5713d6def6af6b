import type { z } from "zod";
import { messageOf, SpectraError } from "./errors.js";

/** The JSON of a file, checked. What is not JSON, or not of the schema, is refused by the file and the place in it. */
export function parseJson<T>(text: string, path: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SpectraError("format", path, `${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [{ path: where, message }] = checked.error.issues;
  throw new SpectraError("format", path, `${path}: ${where.join(".") || "the file"}: ${message}`);
}
