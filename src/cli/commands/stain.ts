import { join } from "node:path";
import { Command, Option } from "commander";
import { claimingFolder } from "../../cube/claim-folder.js";
import { readModel } from "../../pipeline/model-file.js";
import { checkResults, publish } from "../../pipeline/publish.js";
import { stainCohort } from "../../pipeline/stain-cohort.js";
import { dismissThreads } from "../../pipeline/threads.js";
import { cohortFrom } from "../cohort-of.js";
import {
  addCommon,
  addLayout,
  addMemory,
  type CommonOptions,
  type LayoutFlags,
  layoutOf,
  type MemoryFlag,
  type PathsFlag,
  pathsOption,
  share,
  wholeNumber,
} from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayStains } from "../say-findings.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, PathsFlag, LayoutFlags, MemoryFlag {
  readonly out: string;
  readonly threshold?: number;
  readonly hash: boolean;
  readonly again?: boolean;
  readonly pictures: "none" | "report" | "all";
  readonly minRegionPixels: number;
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
    .option(
      "--min-region-pixels <n>",
      "leave regions of fewer pixels out of NAME.geojson; how many is said there, in findings.json and in the report",
      wholeNumber,
      0,
    )
    .option("--again", "stain cubes that are finished already, too")
    .option("--no-hash", "do not hash the input files");
  return addMemory(addLayout(addCommon(command.addOption(pathsOption())))).action(
    async (model: string, inputs: string[], options: Options & { float32?: boolean }) => {
      const say = talk(options);
      const findings = await interruptible(async (signal) => {
        const layout = layoutOf(options);
        const cohort = await cohortFrom(inputs, say);
        const fitted = await readModel(model);
        return claimingFolder(options.out, async () => {
          checkResults(options.out, "stain");
          const parts = await stainCohort(cohort, fitted, options.out, {
            ...options,
            ...say,
            signal,
            layout,
            minimumRegion: options.minRegionPixels,
            probabilities: options.float32 ? "float32" : "uint8",
          });
          // The report is made beside no thread that still holds the buffers of a large cube.
          await dismissThreads();
          const how = {
            seed: options.seed,
            paths: options.paths,
            command: process.argv.slice(2),
            seconds: say.seconds,
          };
          return publish(options.out, "Digital stain", parts, how);
        });
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
        seconds: say.seconds,
        failures: findings.failures ?? [],
      });
      if (findings.failures?.length) process.exitCode = 1;
    },
  );
}
