import { join } from "node:path";
import { Command, Option } from "commander";
import { claimingFolder } from "../../cube/claim-folder.js";
import { backendNames } from "../../diagnose/open-backend.js";
import { writeMilModel } from "../../pipeline/mil-file.js";
import { methodNames } from "../../pipeline/mil-methods.js";
import { checkResults, publish } from "../../pipeline/publish.js";
import { readBags } from "../../pipeline/read-bags.js";
import { type JudgedStudy, type TrainMilOptions, trainMil } from "../../pipeline/train-mil.js";
import { addCommon, type CommonOptions, type PathsFlag, pathsOption, wholeNumber } from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayBags } from "../say-cohort.js";
import { sayStudy } from "../say-study.js";
import { talk } from "../talk.js";

interface Options
  extends CommonOptions,
    PathsFlag,
    Pick<TrainMilOptions, "unit" | "encoder" | "features" | "backend" | "tumour" | "foldFile"> {
  readonly out: string;
  readonly positive?: string;
  readonly methods?: string;
  readonly folds: number;
  readonly repeats: number;
  readonly permutations: number;
  readonly epochs?: number;
  readonly components?: number;
  readonly refresh?: number;
  readonly challenge?: string;
  readonly challengeName: string;
}

/** spectrastain train-mil */
export function trainMilCommand(): Command {
  const command = new Command("train-mil")
    .description(
      "learn a diagnosis from bags of patches and judge it on patients held out; writes a model and a report",
    )
    .addHelpText(
      "after",
      "\nEvery network is scaled, trained and given its threshold without the patients it is tried on. A run that is stopped or killed\n" +
        "takes up its finished networks from OUT/folds when the command is given again. Model and report are written before the null test,\n" +
        "which takes longest, and again with it.\n" +
        "\nExamples:\n  spectrastain train-mil bags --out study\n  spectrastain train-mil bags --out study --methods top-k,supervised --epochs 40\n" +
        "  spectrastain train-mil bags --out study --fold-file earlier/folds.csv --challenge moved-bags\n" +
        "\nFiles in OUT: mil-model.h5, findings.json, report.html, folds.csv, bag_scores.csv, patch_scores.csv, predictions.csv, convergence.csv",
    )
    .argument("<bags...>", "a folder written by bags, its bags.csv, or single bag files")
    .requiredOption("--out <folder>", "folder for the model, the tables and the report")
    .addOption(
      new Option("--unit <what>", "what a bag is: all patches of a core, of a biopsy or of a patient")
        .choices(["core", "biopsy", "patient"])
        .default("biopsy"),
    )
    .option("--positive <labels>", "labels that are positive, by commas (default: malignant, cancer or tumour)")
    .option("--tumour <class>", "class of the stain that is tumour (default: cancer or tumour)")
    .option(
      "--methods <list>",
      `the first makes the model, the others are compared: ${methodNames.join(", ")} (default: top-k,gated-attention,mean,supervised)`,
    )
    .addOption(
      new Option(
        "--encoder <what>",
        "what looks at a patch: its features, or a network over its pixels (bags --pixels)",
      )
        .choices(["features", "cnn", "resnext50"])
        .default("features"),
    )
    .addOption(
      new Option("--features <which>", "spectra leaves out what is read off the stain: a witness of its own beside it")
        .choices(["all", "spectra"])
        .default("all"),
    )
    .option("--folds <n>", "folds of whole patients", wholeNumber, 5)
    .option("--repeats <n>", "how often the folds are drawn anew", wholeNumber, 3)
    .option("--fold-file <folds.csv>", "use the folds of an earlier study instead of drawing them")
    .option(
      "--permutations <n>",
      "shufflings of the labels among patients for the null test, each as long as a repeat of the first method; 0 leaves it out",
      wholeNumber,
      99,
    )
    .option("--epochs <n>", "epochs of every network (default: the method's)", wholeNumber)
    .option(
      "--components <n>",
      "principal components of the features, fitted on training patients (default: 0, none)",
      wholeNumber,
    )
    .option("--refresh <n>", "rank all training patches anew every so many epochs (default: the method's)", wholeNumber)
    .option(
      "--challenge <bags>",
      "the same bags measured otherwise, to be scored by networks that have not seen their patients",
    )
    .option("--challenge-name <text>", "what they are, for the report", "the same bags, measured otherwise")
    .option(
      "--allow-overlap",
      "go on where the same cube or the same spectra stand under two patients, and stamp every figure",
    )
    .addOption(new Option("--backend <name>", "what computes the networks").choices([...backendNames]).default("auto"));
  return addCommon(command.addOption(pathsOption())).action(async (inputs: string[], options: Options) => {
    const say = talk(options);
    const split = (list: string | undefined) => list?.split(",").map((name) => name.trim());
    const findings = await interruptible(async (signal) => {
      const { epochs, components, refresh, challenge, challengeName } = options;
      const change = {
        ...(epochs === undefined ? {} : { epochs }),
        ...(components === undefined ? {} : { components }),
        ...(refresh === undefined ? {} : { refreshEvery: refresh }),
      };
      const bags = await readBags(inputs);
      sayBags(bags, say);
      const again = challenge === undefined ? undefined : { bags: await readBags([challenge]), what: challengeName };
      return claimingFolder(options.out, async () => {
        checkResults(options.out, "train-mil");
        const write = async ({ findings, model }: JudgedStudy) => {
          await writeMilModel(join(options.out, "mil-model.h5"), model);
          const { seed, paths } = options;
          const how = { seed, paths, command: process.argv.slice(2), seconds: say.seconds };
          return publish(options.out, "Diagnosis, judged by patient", findings, how);
        };
        const judged = await trainMil(bags, options.out, {
          ...options,
          ...say,
          signal,
          change,
          positive: split(options.positive),
          methods: split(options.methods),
          challenge: again,
          onJudged: async (soFar) => {
            await write(soFar);
            say.onRemark(`model and report are in ${options.out}; the null test follows and is added to them`);
          },
        });
        return write(judged);
      });
    }).finally(say.end);
    sayStudy(findings, say);
    say.result(`model       ${join(options.out, "mil-model.h5")}`);
    say.result(`report      ${join(options.out, "report.html")}`);
    say.data({ out: options.out, stamps: findings.stamps, study: findings.study });
  });
}
