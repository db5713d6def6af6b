import { z } from "zod";

/** A record by names from files, such as class names: zod's own record leaves the key "__proto__" out. */
export function recordOf<T>(value: z.ZodType<T>): z.ZodType<Record<string, T>> {
  return z
    .custom<Record<string, unknown>>(
      (given) => typeof given === "object" && given !== null && !Array.isArray(given),
      "must be an object",
    )
    .transform((given, context): Record<string, T> => {
      const entries: [string, T][] = [];
      for (const [name, each] of Object.entries(given)) {
        const checked = value.safeParse(each);
        if (checked.success) entries.push([name, checked.data]);
        else for (const issue of checked.error.issues) context.addIssue({ ...issue, path: [name, ...issue.path] });
      }
      return Object.fromEntries(entries);
    });
}
