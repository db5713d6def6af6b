import { join } from "node:path";
import { Command, Option } from "commander";
import { backendNames } from "../../diagnose/open-backend.js";
import { writeMilModel } from "../../pipeline/mil-file.js";
import { methodNames } from "../../pipeline/mil-methods.js";
import { publish } from "../../pipeline/publish.js";
import { readBags } from "../../pipeline/read-bags.js";
import { type TrainMilOptions, trainMil } from "../../pipeline/train-mil.js";
import { addCommon, type CommonOptions, wholeNumber } from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayStudy } from "../say-study.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, Pick<TrainMilOptions, "unit" | "encoder" | "backend" | "tumour" | "foldFile"> {
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
        "takes up its finished networks from OUT/folds when the command is given again.\n" +
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
    .option("--folds <n>", "folds of whole patients", wholeNumber, 5)
    .option("--repeats <n>", "how often the folds are drawn anew", wholeNumber, 3)
    .option("--fold-file <folds.csv>", "use the folds of an earlier study instead of drawing them")
    .option(
      "--permutations <n>",
      "shufflings of the labels among patients for the null test; 0 leaves it out",
      wholeNumber,
      10,
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
    .addOption(new Option("--backend <name>", "what computes the networks").choices([...backendNames]).default("auto"));
  return addCommon(command).action(async (inputs: string[], options: Options) => {
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
      const { findings, model } = await trainMil(bags, options.out, {
        ...options,
        ...say,
        signal,
        change,
        positive: split(options.positive),
        methods: split(options.methods),
        challenge: challenge === undefined ? undefined : { bags: await readBags([challenge]), what: challengeName },
      });
      await writeMilModel(join(options.out, "mil-model.h5"), model);
      const how = { seed: options.seed, command: process.argv.slice(2) };
      return publish(options.out, "Diagnosis, judged by patient", findings, how);
    }).finally(say.end);
    sayStudy(findings, say);
    say.result(`model       ${join(options.out, "mil-model.h5")}`);
    say.result(`report      ${join(options.out, "report.html")}`);
    say.data({ out: options.out, stamps: findings.stamps, study: findings.study });
  });
}
