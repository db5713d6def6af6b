import { join } from "node:path";
import { Command, Option } from "commander";
import { readModel } from "../../pipeline/model-file.js";
import { publish } from "../../pipeline/publish.js";
import { stainCohort } from "../../pipeline/stain-cohort.js";
import { cohortFrom } from "../cohort-of.js";
import {
  addCommon,
  addLayout,
  addMemory,
  type CommonOptions,
  type LayoutFlags,
  layoutOf,
  type MemoryFlag,
  share,
} from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayStains } from "../say-findings.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, LayoutFlags, MemoryFlag {
  readonly out: string;
  readonly threshold?: number;
  readonly hash: boolean;
  readonly again?: boolean;
  readonly pictures: "none" | "report" | "all";
  readonly probabilities: "uint8" | "float32";
}

/** spectrastain stain */
export function stain(): Command {
  const command = new Command("stain")
    .description("stain whole cubes with a model; writes NAME.stain.h5, NAME.png, NAME.geojson and a report")
    .addHelpText(
      "after",
      "\nExamples:\n  spectrastain stain model.h5 new.csv --out maps\n  spectrastain stain model.h5 biopsy.h5 --out maps --threshold 0.5 --json --quiet\n\nA run that is stopped or killed goes on behind its last finished rows when the command is given again. One that meets a bad cube goes on, lists it and ends with 1.",
    )
    .argument("<model>", "a model file made by fit")
    .argument("<inputs...>", "a cohort file (CSV), or cubes (HDF5)")
    .requiredOption("--out <folder>", "folder for the maps, findings.json and report.html")
    .option(
      "--threshold <p>",
      "a pixel whose best class is less probable is unclassified (default: the pipeline's)",
      share,
    )
    .option("--float32", "write probabilities as float32 instead of scaled uint8 (error up to 1/510)")
    .addOption(
      new Option(
        "--pictures <which>",
        "none (HDF5 maps only), report, or all (a figure with legend of every map, entropy and every class too)",
      )
        .choices(["none", "report", "all"])
        .default("report"),
    )
    .option("--again", "stain cubes that are finished already, too")
    .option("--no-hash", "do not hash the input files");
  return addMemory(addLayout(addCommon(command))).action(
    async (model: string, inputs: string[], options: Options & { float32?: boolean }) => {
      const say = talk(options);
      const findings = await interruptible(async (signal) => {
        const cohort = await cohortFrom(inputs);
        const parts = await stainCohort(cohort, await readModel(model), options.out, {
          ...options,
          ...say,
          signal,
          layout: layoutOf(options),
          probabilities: options.float32 ? "float32" : "uint8",
        });
        return publish(options.out, "Digital stain", parts, { seed: options.seed, command: process.argv.slice(2) });
      }).finally(say.end);
      sayStains(findings, say);
      say.result(`report      ${join(options.out, "report.html")}`);
      const [only] = findings.stains ?? [];
      say.data({
        out: options.out,
        stamps: findings.stamps,
        // For a single cube its scores are at the top, where a script looks first.
        ...(findings.stains?.length === 1 && only.scores
          ? { accuracy: only.scores.accuracy, auc: only.scores.auc }
          : {}),
        stains: findings.stains,
        failures: findings.failures ?? [],
      });
      if (findings.failures?.length) process.exitCode = 1;
    },
  );
}
