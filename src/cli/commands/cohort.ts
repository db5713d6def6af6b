import { Command } from "commander";
import { lookOver } from "../../pipeline/look-over.js";
import { isTable, isTextFile } from "../../read/is-table.js";
import { addLayout, type LayoutFlags, layoutOf } from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayCohort } from "../say-cohort.js";
import { talk } from "../talk.js";

interface Options extends LayoutFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** spectrastain cohort */
export function cohort(): Command {
  const command = new Command("cohort")
    .description("a dry run: say what a cohort file was understood to mean, and what is wrong with it; writes nothing")
    .addHelpText(
      "after",
      "\nA cohort file is a CSV with a row a cube. Only the column cube must be there, a path relative to the file:\n" +
        "  cube, patient, core, region, slide, mode, label, split, pair, biopsy       further columns are kept\n" +
        "  split   train or nothing is learned from; test, validation, holdout, external are held out; other words are refused\n" +
        "  mode    SD or HD\n" +
        "  label   what the whole cube is, such as benign or malignant, for a diagnosis\n" +
        "Case and blanks do not count, in headers (Patient ID is patient) and in words; lines that begin with # are comments.\n" +
        "Printed are columns, splits, patients, annotated pixels, remarks, and all that is wrong at once: files that are missing or\n" +
        "cannot be read, one file under two patients, classes that do not agree. It ends with 1 where a later command would fail.\n" +
        "\nExamples:\n  spectrastain cohort cohort.csv\n  spectrastain cohort cohort.csv --json\n  spectrastain cohort spectra.csv         a table of annotated spectra\n  spectrastain cohort cubes/*.h5",
    )
    .argument("<inputs...>", "a cohort file (CSV), or cubes (HDF5), or tables of annotated spectra (CSV)")
    .option("--json", "print one JSON object on stdout")
    .option("--quiet", "say nothing but errors; --json still prints its object");
  return addLayout(command).action(async (inputs: string[], options: Options) => {
    const say = talk(options);
    const layout = layoutOf(options);
    const [first] = inputs;
    const what = inputs.length === 1 && isTextFile(first) && !isTable(first) ? { file: first } : { cubes: inputs };
    const look = await interruptible((signal) => lookOver(what, { ...say, layout, signal })).finally(say.end);
    sayCohort(look, say);
    say.data(look);
    if (look.problems.length) process.exitCode = 1;
  });
}
