import { Command, Option } from "commander";
import { checkOut } from "../../cube/make-folder.js";
import { readPipeline } from "../../pipeline/define.js";
import { fit as fitModel } from "../../pipeline/fit.js";
import { writeModel } from "../../pipeline/model-file.js";
import { palettes } from "../../stain/palettes.js";
import { cohortFrom } from "../cohort-of.js";
import { addCommon, addLayout, type CommonOptions, type LayoutFlags, layoutOf } from "../common.js";
import { interruptible } from "../interrupt.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, LayoutFlags {
  readonly out: string;
  readonly pipeline: string;
  readonly palette: string;
  readonly hash: boolean;
  readonly allowOverlap?: boolean;
}

/** spectrastain fit */
export function fit(): Command {
  const command = new Command("fit")
    .description("fit a model on the annotated pixels of a cohort")
    .addHelpText(
      "after",
      "\nA cube that cannot be read stops the run, for a model of fewer patients than the cohort names would be another one.\n" +
        "The message names the file: mend it, or take its row out of the cohort file (or give it the split test).\n" +
        "\nExamples:\n  spectrastain fit cohort.csv --out model.h5\n  spectrastain fit cohort.csv --pipeline derivative --palette pathologist --out model.h5\n  spectrastain fit spectra.csv --out model.h5        class in the first column, wavenumbers in the header",
    )
    .argument("<inputs...>", "a cohort file (CSV), or cubes (HDF5) with /labels, or a table of annotated spectra (CSV)")
    .requiredOption("--out <model.h5>", "the model file to write")
    .option("--pipeline <name>", "digital-stain, derivative, quick-bands, or a YAML file", "digital-stain")
    .addOption(
      new Option("--palette <name>", "colours of the classes in maps and charts")
        .choices(Object.keys(palettes))
        .default("colour-blind-safe"),
    )
    .option(
      "--allow-overlap",
      "go on where the same file or the same spectra stand under two patients, and stamp every figure",
    )
    .option("--no-hash", "do not hash the input files (saves a pass over very large ones)");
  return addLayout(addCommon(command)).action(async (inputs: string[], options: Options) => {
    const say = talk(options);
    const model = await interruptible(async (signal) => {
      const pipeline = readPipeline(options.pipeline);
      const cohort = await cohortFrom(inputs, say);
      const layout = layoutOf(options);
      checkOut(options.out, "model");
      const { model } = await fitModel(cohort, pipeline, { ...options, ...say, signal, layout });
      await writeModel(options.out, model);
      return model;
    }).finally(say.end);
    const { provenance, pca, forest } = model;
    const classes = Array.from(model.labels, (value, k) => ({
      name: model.classNames[value],
      pixels: provenance.pixelsPerClass[k],
    }));
    const explained = pca.variance.reduce((sum, variance) => sum + variance, 0) / pca.totalVariance;
    for (const stamp of provenance.stamps) say.onRemark(stamp);
    say.result(`model       ${options.out}`);
    say.result(
      `fitted on   ${provenance.pixels} pixels of ${provenance.patients} patient(s), ${classes.length} classes`,
    );
    for (const { name, pixels } of classes) say.result(`  ${name.padEnd(20)} ${pixels} pixels`);
    say.result(`components  ${pca.components}, ${(100 * explained).toFixed(2)} % of the variance`);
    say.result(
      `forest      ${forest.trees} trees, out-of-bag accuracy ${forest.outOfBagAccuracy.toFixed(4)} (pixels of known patients: not a validation)`,
    );
    say.data({
      model: options.out,
      pixels: provenance.pixels,
      patients: provenance.patients,
      classes,
      explained,
      outOfBagAccuracy: forest.outOfBagAccuracy,
      stamps: provenance.stamps,
    });
  });
}
