import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { claimingFolder } from "../../cube/claim-folder.js";
import { SpectraError } from "../../cube/errors.js";
import { type BagOptions, bagCohort } from "../../pipeline/bag-cohort.js";
import { bagPoints } from "../../pipeline/bag-points.js";
import { readPipeline } from "../../pipeline/define.js";
import { readModel } from "../../pipeline/model-file.js";
import { cohortFrom } from "../cohort-of.js";
import { addCommon, addLayout, type CommonOptions, type LayoutFlags, layoutOf, share, wholeNumber } from "../common.js";
import { interruptible } from "../interrupt.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, LayoutFlags, Pick<BagOptions, "pixels" | "channels" | "onnx" | "again"> {
  readonly out: string;
  readonly stain?: string;
  readonly patch: number;
  readonly stride?: number;
  readonly tissue: number;
  readonly windows?: number;
  readonly points?: boolean;
  readonly pipeline: string;
  readonly hash: boolean;
}

/** spectrastain bags */
export function bags(): Command {
  const command = new Command("bags")
    .description(
      "cut stained cubes into patches and describe them; writes NAME.bag.h5 (CLAM's coords and features) and bags.csv",
    )
    .addHelpText(
      "after",
      "\nOne pass over the cubes feeds every diagnosis. Patients of the bags should be others than those the stain model was fitted on.\n" +
        "A run that is stopped keeps its finished bags.\n" +
        "\nExamples:\n  spectrastain bags model.h5 biopsies.csv --stain maps --out bags\n  spectrastain bags model.h5 biopsies.csv --stain maps --out bags --pixels 32\n" +
        "  spectrastain bags --points brain.csv --pipeline derivative --out bags       spectra without neighbours",
    )
    .argument("<inputs...>", "a model file made by fit, then a cohort file (CSV) or cubes; with --points no model")
    .requiredOption("--out <folder>", "folder for the bags")
    .option("--stain <folder>", "the folder that stain wrote")
    .option("--patch <um>", "edge of a patch, µm", positive, 160)
    .option("--stride <um>", "from a patch to the next, µm (default: the edge)", positive)
    .option("--tissue <share>", "patches with less tissue are left out; 0 keeps all", share, 0.1)
    .option(
      "--windows <um>",
      "from a window of the maps to the next, µm; 0 for none (default: a third of the edge)",
      number,
    )
    .option("--pixels <n>", "keep pictures of n × n pixels too, for networks that look at them", wholeNumber, 0)
    .addOption(
      new Option("--channels <what>", "what the pictures show")
        .choices(["scores", "probabilities", "srs3"])
        .default("scores"),
    )
    .option(
      "--onnx <file>",
      "a network of yours that embeds the pictures, in the place of the features; needs onnxruntime-node",
    )
    .option("--points", "every spectrum is an instance of its own: point spectra, not an image")
    .option("--pipeline <name>", "with --points: digital-stain, derivative, quick-bands, or a YAML file", "derivative")
    .option("--again", "cut cubes whose bags are finished, too")
    .option("--no-hash", "know cubes by path, size and time instead of their content");
  return addLayout(addCommon(command)).action(async (inputs: string[], options: Options) => {
    const say = talk(options);
    const made = await interruptible(async (signal) => {
      const run = { ...say, signal, workers: options.workers, layout: layoutOf(options), hash: options.hash };
      if (options.points) {
        const [cohort, steps] = [await cohortFrom(inputs, say), readPipeline(options.pipeline)];
        return claimingFolder(options.out, () => bagPoints(cohort, steps, options.out, run));
      }
      const [model, ...cubes] = inputs;
      if (!cubes.length || options.stain === undefined) {
        const what = cubes.length
          ? "--stain FOLDER, the folder that stain wrote"
          : "a cohort file or cubes after the model";
        throw new SpectraError("usage", "bags", `bags needs ${what}; see spectrastain bags --help`);
      }
      const { patch, stride, tissue, windows, pixels, channels, onnx, again } = options;
      const [cohort, fitted, maps] = [await cohortFrom(cubes, say), await readModel(model), options.stain];
      const how = {
        ...run,
        patchUm: patch,
        strideUm: stride,
        tissueFraction: tissue,
        windowUm: windows,
        pixels,
        channels,
        onnx,
        again,
      };
      return claimingFolder(options.out, () => bagCohort(cohort, fitted, maps, options.out, how));
    }).finally(say.end);
    const patches = made.bags.reduce((sum, bag) => sum + bag.patches, 0);
    say.result(`bags        ${made.bags.length} with ${patches} patches`);
    say.result(`index       ${join(options.out, "bags.csv")}`);
    for (const { file, error } of made.failures) say.failed(file, error);
    say.data({ out: options.out, ...made });
    if (made.failures.length) process.exitCode = 1;
  });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw new InvalidArgumentError("it must be a number, 0 or more");
  return value;
}

function positive(text: string): number {
  const value = number(text);
  if (value === 0) throw new InvalidArgumentError("it must be above 0");
  return value;
}
