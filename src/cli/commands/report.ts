import { join } from "node:path";
import { Command } from "commander";
import { readFindings } from "../../report/read-findings.js";
import { writeReport } from "../../report/write-report.js";
import { readAssignments } from "../../simulate/band-tables.js";

/** spectrastain report */
export function report(): Command {
  return new Command("report")
    .description("render findings.json as one offline HTML file")
    .addHelpText("after", "\nExample:\n  spectrastain report maps --out biopsies.html")
    .argument("<folder>", "a folder written by validate, stain or demo")
    .option("--out <file.html>", "the file to write (default: report.html in the folder)")
    .option("--json", "print one JSON object on stdout")
    .option("--quiet", "say nothing")
    .action(async (folder: string, { out = join(folder, "report.html"), json }: { out?: string; json?: boolean }) => {
      const findings = await readFindings(join(folder, "findings.json"));
      await writeReport(folder, findings, readAssignments(), { out });
      process.stdout.write(json ? `${JSON.stringify({ report: out })}\n` : `report      ${out}\n`);
    });
}
