import { readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Findings } from "../cube/findings.js";
import { isInside } from "../cube/make-folder.js";
import { writeFileSafely } from "../cube/write-file.js";
import type { Assignment } from "./assignment.js";
import type { Pictures } from "./picture.js";
import { renderReport } from "./render-report.js";
import type { RunLog } from "./run-log.js";

export interface WriteReportOptions {
  /** Where the page is written; `report.html` in the folder if not given. */
  readonly out?: string;
  /** When it ran. */
  readonly log?: RunLog;
}

/**
 * Make the report of a folder with findings and pictures, and give the path it was written to.
 * The page is written beside its place and renamed, so that a report is whole or not there. A picture outside the folder is not read.
 */
export async function writeReport(
  folder: string,
  findings: Findings,
  assignments: readonly Assignment[],
  { out = join(folder, "report.html"), log }: WriteReportOptions = {},
): Promise<string> {
  const page = renderReport(findings, picturesIn(folder), assignments, log);
  const path = resolve(out);
  writeFileSafely(path, page);
  return path;
}

/** The files of a folder by relative path; undefined for what is missing, unreadable or outside the folder. */
export function picturesIn(folder: string): Pictures {
  return (path) => {
    try {
      const root = realpathSync(folder);
      const found = realpathSync(resolve(root, path));
      return isInside(root, found) ? readFileSync(found) : undefined;
    } catch {
      // The page shows a box with the path in place of the picture.
      return undefined;
    }
  };
}
