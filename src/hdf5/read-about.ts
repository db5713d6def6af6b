import type { z } from "zod";
import { messageOf, SpectraError } from "../cube/errors.js";
import type { Hdf5File } from "./open.js";

/** A kind of file of this program: an attribute `format` at the root, and in `/about`, as JSON, all that is not an array. */
export interface AboutKind<T> {
  readonly format: string;
  readonly schema: z.ZodType<T>;
  /** What such a file is, after "a damaged": "model". */
  readonly name: string;
  /** What a file of another kind is told: "is not a …; make one with: …". */
  readonly otherwise: string;
}

/** Read what stands in `/about` of a file, checked. A file of another kind, or a damaged one, is refused by name. */
export function readAbout<T>(file: Hdf5File, { format, schema, name, otherwise }: AboutKind<T>): T {
  const { path } = file;
  if (file.attributes("/").format !== format) throw new SpectraError("format", path, `${path} ${otherwise}`);
  let about: unknown;
  try {
    about = JSON.parse(file.strings("/about")[0]);
  } catch (cause) {
    const message = `${path} is a damaged ${name}: its /about is not JSON: ${messageOf(cause)}`;
    throw new SpectraError("format", path, message, { cause });
  }
  const parsed = schema.safeParse(about);
  if (parsed.success) return parsed.data;
  const [{ path: where, message }] = parsed.error.issues;
  throw new SpectraError("format", path, `${path} is a damaged ${name}: ${where.join(".")}: ${message}`);
}
