import { z } from "zod";

/** A window has a middle band. */
export const window = z
  .int()
  .min(3)
  .max(999)
  .refine((points) => points % 2 === 1, { error: "a window has an odd number of bands" });

export const edges = z
  .enum(["interp", "nearest", "trim"])
  .default("interp")
  .describe(
    'Bands within half a window of an end of a stretch: "interp" takes them from the polynomial of the outermost window, ' +
      '"nearest" repeats the end value outwards, "trim" drops them; interp if not given.',
  );
