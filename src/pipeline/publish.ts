import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { SpectraError } from "../cube/errors.js";
import type { Findings } from "../cube/findings.js";
import { makeFolder } from "../cube/make-folder.js";
import { relativePath } from "../cube/relative-path.js";
import { checkTarget, writeFileSafely } from "../cube/write-file.js";
import { type Paths, writtenPaths } from "../report/finding-paths.js";
import { type RunLog, runLogPath } from "../report/run-log.js";
import { writeReport } from "../report/write-report.js";
import { readAssignments } from "../simulate/band-tables.js";
import { version } from "./version.js";

export interface PublishOptions {
  readonly seed: number;
  readonly command: readonly string[];
  /** What parts of the run took, for run.json. */
  readonly seconds?: Readonly<Record<string, number>>;
  /** How the paths of cubes are written: as the folder of the report sees them if not given. */
  readonly paths?: Paths;
}

const findingsPath = (folder: string) => join(folder, "findings.json");

/** See, before any work is done, that the findings and the report of a command may be put into a folder: those of another command stay. */
export function checkResults(folder: string, command: string): void {
  const path = findingsPath(folder);
  checkTarget(path, "findings");
  checkTarget(join(folder, "report.html"), "report");
  checkTarget(runLogPath(folder), "run");
  if (!existsSync(path)) return;
  const [, before] = /"command": ?"spectrastain ([a-z-]+)/.exec(readFileSync(path, "utf8")) ?? [];
  if (before === undefined || before === command) return;
  throw new SpectraError("usage", path, `${path} holds what ${before} has found; name another --out`);
}

/**
 * Put the parts of a run together, and write findings.json and report.html into a folder. When it ended and what it took stand in run.json,
 * so that a run with the same inputs writes the same findings.
 */
export async function publish(
  folder: string,
  title: string,
  parts: Partial<Findings> & Pick<Findings, "inputs" | "stamps">,
  { seed, command, seconds = {}, paths }: PublishOptions,
): Promise<Findings> {
  const origins = new Set(parts.inputs.map(({ origin }) => origin));
  const findings: Findings = {
    // First, so that the file is known as made by this program, and by which command, from its first bytes.
    schema: "spectrastain/findings/1",
    command: ["spectrastain", ...command.map((word) => argument(word, folder, paths))].join(" "),
    ...parts,
    title,
    notice: "research use only, not for diagnostic use",
    version,
    seed,
    origin: origins.size === 1 ? [...origins][0] : "mixed",
  };
  makeFolder(folder);
  const written = writtenPaths(findings, folder, paths);
  writeFileSafely(findingsPath(folder), `${JSON.stringify(written, null, 1)}\n`);
  const log: RunLog = { created: new Date().toISOString(), seconds };
  writeFileSafely(runLogPath(folder), `${JSON.stringify({ schema: "spectrastain/run/1", ...log }, null, 1)}\n`);
  await writeReport(folder, written, readAssignments(), { log });
  return findings;
}

/** A word of the command line: a path from the root is written as the folder of the report sees it, alone or behind `--option=`. */
function argument(word: string, folder: string, paths: Paths | undefined): string {
  const [, option = "", path] = /^(--[\w-]+=)?(.*)$/s.exec(word)!;
  return paths === "absolute" || !isAbsolute(path) ? word : `${option}${relativePath(folder, path)}`;
}
