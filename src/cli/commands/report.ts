import { dirname, join } from "node:path";
import { Command } from "commander";
import { checkOut, makeFolderIn } from "../../cube/make-folder.js";
import { checkTarget, writeFileSafely } from "../../cube/write-file.js";
import { type Paths, readPaths, writtenPaths } from "../../report/finding-paths.js";
import { findingsTables } from "../../report/findings-tables.js";
import { mergeFindings } from "../../report/merge-findings.js";
import { printPdf } from "../../report/print-pdf.js";
import { readFindings } from "../../report/read-findings.js";
import { renderReport } from "../../report/render-report.js";
import { readRunLog } from "../../report/run-log.js";
import { picturesIn } from "../../report/write-report.js";
import { readAssignments } from "../../simulate/band-tables.js";
import { pathsOption } from "../common.js";
import { interruptible } from "../interrupt.js";
import { talk } from "../talk.js";

interface Options {
  readonly out?: string;
  readonly pdf?: boolean;
  readonly tables?: boolean;
  readonly paths: Paths;
  readonly json?: boolean;
  readonly quiet?: boolean;
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
    .addOption(pathsOption())
    .option("--json", "print one JSON object on stdout")
    .option("--quiet", "say nothing but errors; --json still prints its object")
    .action(async (folders: string[], options: Options) => {
      const { out = join(folders[0], "report.html"), pdf, tables } = options;
      const say = talk(options);
      const runs = [];
      for (const folder of folders) {
        runs.push({
          findings: readPaths(await readFindings(join(folder, "findings.json")), folder),
          pictures: picturesIn(folder),
          log: readRunLog(folder),
        });
      }
      const { findings: merged, pictures, log } = mergeFindings(runs);
      // The page of one run is the page of its folder again, wherever it is put.
      const findings = writtenPaths(merged, folders.length > 1 ? dirname(out) : folders[0], options.paths);
      const written = [out];
      checkOut(out, "report");
      const beside = (ending: string) => out.replace(/(\.html?)?$/i, ending);
      if (runs.length > 1) checkTarget(beside(".findings.json"), "findings");
      if (pdf) checkTarget(beside(".pdf"), "report");
      writeFileSafely(out, renderReport(findings, pictures, readAssignments(), log));
      const write = (path: string, text: string) => {
        writeFileSafely(path, text);
        written.push(path);
      };
      if (runs.length > 1) write(beside(".findings.json"), `${JSON.stringify(findings, null, 1)}\n`);
      if (tables) {
        const folder = makeFolderIn(dirname(out), "tables");
        for (const { name, csv } of findingsTables(findings)) write(join(folder, name), csv);
      }
      if (pdf) {
        const path = beside(".pdf");
        await interruptible((signal) => printPdf(out, path, { signal }));
        written.push(path);
      }
      for (const path of written) say.result(`report      ${path}`);
      say.data({ report: out, written });
    });
}
