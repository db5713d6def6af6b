import { join } from "node:path";
import { Command, Option } from "commander";
import type { Figure } from "../../cube/findings.js";
import { readPipeline } from "../../pipeline/define.js";
import { publish } from "../../pipeline/publish.js";
import { validate as validateCohort } from "../../pipeline/validate.js";
import { cohortFrom } from "../cohort-of.js";
import { addCommon, addLayout, type CommonOptions, type LayoutFlags, layoutOf, wholeNumber } from "../common.js";
import { figure } from "../figure.js";
import { interruptible } from "../interrupt.js";
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
      const parts = await validateCohort(cohort, pipeline, { ...options, ...say, signal, layout: layoutOf(options) });
      return publish(options.out, "Validation by patient", parts, {
        seed: options.seed,
        command: process.argv.slice(2),
      });
    }).finally(say.end);
    const { byPatient, randomSplit, permutation, classNames } = findings.validation!;
    const { patients, cores, pixels } = byPatient.counts;
    for (const stamp of findings.stamps) say.result(`*** ${stamp} ***`);
    say.result(`${patients} patients, ${cores} cores, ${pixels} annotated pixels; ${options.folds} folds by patient`);
    const line = (name: string, held: Figure, leak: Figure | undefined) =>
      say.result(`${name.padEnd(24)} ${figure(held).padEnd(26)} ${leak ? figure(leak, false) : ""}`);
    say.result(`${"".padEnd(24)} ${"by patient (95 %)".padEnd(26)} random split (a leak)`);
    line("macro AUC", byPatient.macroAuc, randomSplit?.macroAuc);
    line("balanced accuracy", byPatient.balancedAccuracy, randomSplit?.balancedAccuracy);
    line("accuracy", byPatient.accuracy, randomSplit?.accuracy);
    for (const [k, name] of classNames.entries()) line(`AUC ${name}`, byPatient.auc[k], randomSplit?.auc[k]);
    if (permutation) {
      const [low, high] = permutation.interval;
      say.result(`labels shuffled: macro AUC ${permutation.mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`);
    }
    say.result(`report      ${join(options.out, "report.html")}`);
    say.data({ out: options.out, stamps: findings.stamps, validation: findings.validation });
  });
}
