import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Findings } from "../cube/findings.js";
import { writeFileSafely } from "../cube/write-file.js";
import { writeReport } from "../report/write-report.js";
import { readAssignments } from "../simulate/band-tables.js";
import { version } from "./version.js";

/** Put the parts of a run together, and write findings.json and report.html into a folder. */
export async function publish(
  folder: string,
  title: string,
  parts: Partial<Findings> & Pick<Findings, "inputs" | "stamps">,
  { seed, command }: { seed: number; command: readonly string[] },
): Promise<Findings> {
  const origins = new Set(parts.inputs.map(({ origin }) => origin));
  const findings: Findings = {
    ...parts,
    schema: "spectrastain/findings/1",
    title,
    notice: "research use only, not for diagnostic use",
    created: new Date().toISOString(),
    version,
    command: ["spectrastain", ...command].join(" "),
    seed,
    origin: origins.size === 1 ? [...origins][0] : "mixed",
  };
  mkdirSync(folder, { recursive: true });
  writeFileSafely(join(folder, "findings.json"), `${JSON.stringify(findings, null, 1)}\n`);
  await writeReport(folder, findings, readAssignments());
  return findings;
}
