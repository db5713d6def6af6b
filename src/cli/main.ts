#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { messageOf, SpectraError } from "../cube/errors.js";
import { version } from "../pipeline/version.js";
import { bags } from "./commands/bags.js";
import { demo } from "./commands/demo.js";
import { diagnose } from "./commands/diagnose.js";
import { doctor } from "./commands/doctor.js";
import { fit } from "./commands/fit.js";
import { inspect } from "./commands/inspect.js";
import { rechunk } from "./commands/rechunk.js";
import { report } from "./commands/report.js";
import { simulate } from "./commands/simulate.js";
import { stain } from "./commands/stain.js";
import { trainMilCommand } from "./commands/train-mil.js";
import { validate } from "./commands/validate.js";

const program = new Command("spectrastain")
  .description("Digital staining of tissue from infrared hyperspectral cubes. Research use only.")
  .version(version)
  .addHelpText(
    "after",
    `
A first run:
  spectrastain demo                                   simulated tissue through every step, with a report

With your own cubes (HDF5) and a cohort file (CSV with the columns cube, patient, core, mode):
  spectrastain inspect  biopsy.h5                     what is in a file, and what is wrong with it
  spectrastain validate cohort.csv --out check        how well patients are judged that were not learned from
  spectrastain fit      cohort.csv --out model.h5     a model from all annotated pixels
  spectrastain stain    model.h5 new.csv --out maps   class maps, PNG, GeoJSON and a report for every cube

A diagnosis of whole biopsies (a cohort file with the columns patient, biopsy and label, such as benign or malignant):
  spectrastain bags      model.h5 biopsies.csv --stain maps --out bags     patches of the stained cubes, described
  spectrastain train-mil bags --out study                                 a diagnosis, judged on patients held out
  spectrastain diagnose  study/mil-model.h5 new-bags --stain maps --out cases   answers, maps, and the unified report

Exit codes: 0 done, 1 something failed (said on stderr), 2 the command was not understood.`,
  )
  .showHelpAfterError("(add --help for the options)")
  .exitOverride();

for (const command of [
  demo,
  simulate,
  inspect,
  rechunk,
  fit,
  validate,
  stain,
  bags,
  trainMilCommand,
  diagnose,
  report,
  doctor,
]) {
  program.addCommand(command().exitOverride().showHelpAfterError("(add --help for the options)"));
}

// Whoever reads us may have seen enough, such as head: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown);
}

/** Say what went wrong, and with what code to end. */
function exitCodeOf(thrown: unknown): number {
  // Commander has printed its own message already; help and version are no errors.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  if (thrown instanceof SpectraError) {
    process.stderr.write(`spectrastain: ${thrown.message}\n`);
    if (thrown.kind === "cancelled") return 130;
    return thrown.kind === "usage" || thrown.kind === "params" ? 2 : 1;
  }
  process.stderr.write(
    `spectrastain: ${thrown instanceof Error && process.env.SPECTRASTAIN_DEBUG ? thrown.stack : messageOf(thrown)}\n`,
  );
  return 1;
}
