import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** When a run ended and what its parts took: run.json beside its findings, which hold no times, so that equal runs write equal findings. */
export interface RunLog {
  /** ISO 8601. */
  readonly created: string;
  /** By what was done, such as "stain biopsy". */
  readonly seconds: Readonly<Record<string, number>>;
}

export const runLogPath = (folder: string) => join(folder, "run.json");

const schema = z.object({ created: z.string(), seconds: z.record(z.string(), z.number()) });

/** The log of a folder; undefined where there is none, for a report is as good without it. */
export function readRunLog(folder: string): RunLog | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(runLogPath(folder), "utf8"))).data;
  } catch {
    return undefined;
  }
}
