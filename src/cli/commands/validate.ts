import { join } from "node:path";
import { Command, Option } from "commander";
import { readPipeline } from "../../pipeline/define.js";
import { publish } from "../../pipeline/publish.js";
import { validate as validateCohort } from "../../pipeline/validate.js";
import { cohortFrom } from "../cohort-of.js";
import { addCommon, addLayout, type CommonOptions, type LayoutFlags, layoutOf, wholeNumber } from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayValidation } from "../say-findings.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, LayoutFlags {
  readonly out: string;
  readonly pipeline: string;
  readonly folds: number;
  readonly repeats: number;
  readonly permutations: number;
  readonly learningCurve?: boolean;
  readonly missingPatients: "refuse" | "stamp";
  readonly hash: boolean;
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
      "shufflings of the labels among patients for the null test; 0 leaves it out",
      wholeNumber,
      20,
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
    .option("--no-hash", "do not hash the input files");
  return addLayout(addCommon(command)).action(async (inputs: string[], options: Options) => {
    const say = talk(options);
    const findings = await interruptible(async (signal) => {
      const pipeline = readPipeline(options.pipeline);
      const cohort = await cohortFrom(inputs);
      const { findings } = await validateCohort(cohort, pipeline, {
        ...options,
        ...say,
        signal,
        layout: layoutOf(options),
      });
      return publish(options.out, "Validation by patient", findings, {
        seed: options.seed,
        command: process.argv.slice(2),
      });
    }).finally(say.end);
    sayValidation(findings, say);
    say.result(`report      ${join(options.out, "report.html")}`);
    say.data({ out: options.out, stamps: findings.stamps, validation: findings.validation });
  });
}
