import { availableParallelism } from "node:os";
import { Command } from "commander";
import { eachCube, oneByOne } from "../../pipeline/each-cube.js";
import { planFor } from "../../pipeline/plan-for.js";
import { examine } from "../../read/examine.js";
import { addLayout, addMemory, type LayoutFlags, layoutOf, type MemoryFlag } from "../common.js";
import { describeExamination } from "../describe-examination.js";
import { sayPlan } from "../describe-plan.js";
import { talk } from "../talk.js";

interface Options extends LayoutFlags, MemoryFlag {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly plan?: boolean;
  readonly pipeline?: string;
  readonly model?: string;
}

/** spectrastain inspect */
export function inspect(): Command {
  const command = new Command("inspect")
    .description("print what is in a cube, and what is wrong with it")
    .addHelpText(
      "after",
      "\nExamples:\n  spectrastain inspect biopsy.h5\n  spectrastain inspect foreign.h5 --dataset /scan/data --axis /scan/wn --order brc --quantity transmittance\n  spectrastain inspect biopsy.h5 --plan --pipeline derivative",
    )
    .argument("<files...>", "cubes (HDF5)")
    .option("--plan", "print how the steps of a pipeline are folded into passes")
    .option(
      "--pipeline <name|file>",
      "the pipeline to plan: one that is shipped or a YAML file; digital-stain if not given",
    )
    .option("--model <file>", "plan the pipeline of a model instead, on the axis of the cube")
    .option("--json", "print one JSON object on stdout")
    .option("--quiet", "say nothing but errors; --json still prints its object");
  return addMemory(addLayout(command)).action(async (files: string[], options: Options) => {
    const say = talk(options);
    const budget = { memory: options.memory, workers: availableParallelism() };
    const layout = layoutOf(options);
    const look = async (file: string) => {
      const examination = await examine(file, layout, budget);
      const plan = options.plan ? await planFor(file, layout, options) : undefined;
      for (const line of describeExamination(examination)) say.result(line);
      for (const line of plan ? sayPlan(plan) : []) say.result(line);
      return { ...examination, plan };
    };
    const outcomes = await eachCube(files, (file) => file, oneByOne, look);
    if (files.length === 1 && "error" in outcomes[0]) throw outcomes[0].error;
    const seen = outcomes.map((of) => ("result" in of ? of.result : { file: of.item, error: of.error.message }));
    for (const of of outcomes) {
      if (!("error" in of)) continue;
      say.failed(of.item, of.error.message);
      process.exitCode = 1;
    }
    say.data(files.length === 1 ? seen[0] : { files: seen });
  });
}
