import { z } from "zod";
import { bandsWithin } from "../cube/axis.js";
import { SpectraError } from "../cube/errors.js";

/** Two wavenumbers in cm-1, the lower one first; both belong to the range. */
export const wavenumberRange = z
  .tuple([z.number().positive(), z.number().positive()])
  .refine(([low, high]) => low <= high, { error: "the lower wavenumber comes first" });

/**
 * Check the parameters of a method and fill in its defaults.
 * A wrong one is refused with the method, the parameter, its value and what is allowed.
 */
export function checkParams<Schema extends z.ZodObject>(
  verb: string,
  method: string,
  schema: Schema,
  params: unknown,
): z.output<Schema> {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(schema.shape).join(", ") || "none";
    throw new SpectraError(
      "params",
      verb,
      `${method} has no parameter "${issue.keys[0]}"; its parameters are: ${known}`,
    );
  }
  if (issue.path.length === 0) {
    throw new SpectraError(
      "params",
      verb,
      `the params of ${method} are ${JSON.stringify(params)}; they must be an object`,
    );
  }
  const name = String(issue.path[0]);
  const value = JSON.stringify((params as Record<string, unknown>)[name]) ?? "missing";
  const allowed = (schema.shape[name] as z.ZodType | undefined)?.description ?? "";
  throw new SpectraError("params", verb, `${method}: parameter "${name}" is ${value} (${issue.message}). ${allowed}`, {
    cause: result.error,
  });
}

/** The bands of an axis within a range as [start, end); refused when they are fewer than `atLeast`. */
export function bandsOf(
  wavenumbers: Float64Array,
  range: readonly [number, number],
  atLeast: number,
  verb: string,
  method: string,
  parameter: string,
): [start: number, end: number] {
  const [start, end] = bandsWithin(wavenumbers, range[0], range[1]);
  if (end - start >= atLeast) return [start, end];
  const axis = `${wavenumbers[0]}–${wavenumbers[wavenumbers.length - 1]} cm-1`;
  throw new SpectraError(
    "params",
    verb,
    `${method}: parameter "${parameter}" is ${range[0]}–${range[1]} cm-1, where the axis ${axis} has ${end - start} band(s); ` +
      `${atLeast} or more are needed: choose another range or keep more of the axis`,
  );
}
