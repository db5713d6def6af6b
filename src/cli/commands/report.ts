import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { writeFileSafely } from "../../cube/write-file.js";
import { findingsTables } from "../../report/findings-tables.js";
import { mergeFindings } from "../../report/merge-findings.js";
import { printPdf } from "../../report/print-pdf.js";
import { readFindings } from "../../report/read-findings.js";
import { renderReport } from "../../report/render-report.js";
import { picturesIn } from "../../report/write-report.js";
import { readAssignments } from "../../simulate/band-tables.js";
import { interruptible } from "../interrupt.js";

interface Options {
  readonly out?: string;
  readonly pdf?: boolean;
  readonly tables?: boolean;
  readonly json?: boolean;
}

/** spectrastain report */
export function report(): Command {
  return new Command("report")
    .description("render the findings of one run, or of several as one, as a single offline HTML file")
    .addHelpText(
      "after",
      "\nSeveral folders become one report: a validation of the stain, a stain, a diagnosis. Its findings.json is written beside it.\n" +
        "\nExamples:\n  spectrastain report maps --out biopsies.html\n  spectrastain report check cases --out unified.html --pdf --tables",
    )
    .argument("<folders...>", "folders written by validate, stain, train-mil, diagnose or demo")
    .option("--out <file.html>", "the file to write (default: report.html in the folder)")
    .option("--pdf", "print it to a PDF beside it, by Chromium where there is one")
    .option("--tables", "write its tables as CSV into the folder tables beside it")
    .option("--json", "print one JSON object on stdout")
    .option("--quiet", "say nothing")
    .action(async (folders: string[], options: Options) => {
      const { out = join(folders[0], "report.html"), pdf, tables, json } = options;
      const runs = [];
      for (const folder of folders) {
        runs.push({ findings: await readFindings(join(folder, "findings.json")), pictures: picturesIn(folder) });
      }
      const { findings, pictures } = mergeFindings(runs);
      const written = [out];
      writeFileSafely(out, renderReport(findings, pictures, readAssignments()));
      const write = (path: string, text: string) => {
        writeFileSafely(path, text);
        written.push(path);
      };
      if (runs.length > 1)
        write(out.replace(/(\.html?)?$/i, ".findings.json"), `${JSON.stringify(findings, null, 1)}\n`);
      if (tables) {
        const folder = join(dirname(out), "tables");
        mkdirSync(folder, { recursive: true });
        for (const { name, csv } of findingsTables(findings)) write(join(folder, name), csv);
      }
      if (pdf) {
        const path = out.replace(/(\.html?)?$/i, ".pdf");
        await interruptible((signal) => printPdf(out, path, { signal }));
        written.push(path);
      }
      if (json) process.stdout.write(`${JSON.stringify({ report: out, written })}\n`);
      else for (const path of written) process.stdout.write(`report      ${path}\n`);
    });
}
