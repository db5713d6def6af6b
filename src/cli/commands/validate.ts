import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { claimingFolder } from "../../cube/claim-folder.js";
import { readPipeline } from "../../pipeline/define.js";
import { checkResults, publish } from "../../pipeline/publish.js";
import { validate as validateCohort } from "../../pipeline/validate.js";
import { cohortFrom } from "../cohort-of.js";
import {
  addCommon,
  addLayout,
  type CommonOptions,
  type LayoutFlags,
  layoutOf,
  type PathsFlag,
  pathsOption,
  wholeNumber,
} from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayValidation } from "../say-findings.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, PathsFlag, LayoutFlags {
  readonly out: string;
  readonly pipeline: string;
  readonly folds: number;
  readonly repeats: number;
  readonly permutations: number;
  readonly nullTrees?: number;
  readonly pair?: readonly [string, string];
  readonly learningCurve?: boolean;
  readonly missingPatients: "refuse" | "stamp";
  readonly hash: boolean;
  readonly allowOverlap?: boolean;
}

/** Parse two names with a comma between. */
function twoNames(text: string): [string, string] {
  const names = text.split(",").map((name) => name.trim());
  if (names.length !== 2 || names.includes(""))
    throw new InvalidArgumentError("it must be two classes, such as cancer,benign");
  return [names[0], names[1]];
}

/** spectrastain validate */
export function validate(): Command {
  const command = new Command("validate")
    .description("judge a pipeline on patients it was not fitted on; writes findings.json and report.html")
    .addHelpText(
      "after",
      "\nA cube that cannot be read stops the run, for figures of fewer patients than the cohort names would be others.\n" +
        "The message names the file: mend it, or take its row out of the cohort file (or give it the split test).\n" +
        "\nExample:\n  spectrastain validate cohort.csv --out check --folds 5 --repeats 3 --learning-curve",
    )
    .argument("<inputs...>", "a cohort file (CSV), or cubes (HDF5) with /labels")
    .requiredOption("--out <folder>", "folder for findings.json and report.html")
    .option("--pipeline <name>", "digital-stain, derivative, quick-bands, or a YAML file", "digital-stain")
    .option("--folds <n>", "folds of whole patients", wholeNumber, 5)
    .option("--repeats <n>", "how often the folds are drawn anew", wholeNumber, 1)
    .option(
      "--permutations <n>",
      "shufflings of the labels for the null test; p is 1 in so many + 1 at the least; 0 leaves it out",
      wholeNumber,
      99,
    )
    .option(
      "--null-trees <n>",
      "trees of its forests, to be faster on many pixels (default: the pipeline's)",
      wholeNumber,
    )
    .option(
      "--pair <a,b>",
      "two classes that are held against each other, such as cancer,benign: their AUC over the pixels of these two alone",
      twoNames,
    )
    .option("--learning-curve", "fit on ever more patients too, to see whether more would help")
    .addOption(
      new Option(
        "--missing-patients <what>",
        "cubes without a patient: refuse, or take each for a patient and stamp every figure",
      )
        .choices(["refuse", "stamp"])
        .default("refuse"),
    )
    .option(
      "--allow-overlap",
      "go on where the same file or the same spectra stand under two patients, and stamp every figure",
    )
    .option("--no-hash", "do not hash the input files");
  return addLayout(addCommon(command.addOption(pathsOption()))).action(async (inputs: string[], options: Options) => {
    const say = talk(options);
    const findings = await interruptible(async (signal) => {
      const pipeline = readPipeline(options.pipeline);
      const cohort = await cohortFrom(inputs, say);
      const layout = layoutOf(options);
      return claimingFolder(options.out, async () => {
        checkResults(options.out, "validate");
        const { findings } = await validateCohort(cohort, pipeline, { ...options, ...say, signal, layout });
        const how = { seed: options.seed, paths: options.paths, command: process.argv.slice(2), seconds: say.seconds };
        return publish(options.out, "Validation by patient", findings, how);
      });
    }).finally(say.end);
    sayValidation(findings, say);
    say.result(`report      ${join(options.out, "report.html")}`);
    say.data({ out: options.out, stamps: findings.stamps, validation: findings.validation });
  });
}
