import { availableParallelism } from "node:os";
import { Command } from "commander";
import { messageOf } from "../../cube/errors.js";
import { planFor } from "../../pipeline/plan-for.js";
import { examine } from "../../read/examine.js";
import { addLayout, addMemory, type LayoutFlags, layoutOf, type MemoryFlag } from "../common.js";
import { describeExamination } from "../describe-examination.js";
import { sayPlan } from "../describe-plan.js";

interface Options extends LayoutFlags, MemoryFlag {
  readonly json?: boolean;
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
    .option("--quiet", "no remarks on stderr");
  return addMemory(addLayout(command)).action(async (files: string[], options: Options) => {
    const seen: unknown[] = [];
    const budget = { memory: options.memory, workers: availableParallelism() };
    for (const file of files) {
      try {
        const layout = layoutOf(options);
        const examination = await examine(file, layout, budget);
        const plan = options.plan ? await planFor(file, layout, options) : undefined;
        seen.push({ ...examination, plan });
        if (!options.json) process.stdout.write(`${describeExamination(examination)}\n`);
        if (!options.json && plan) process.stdout.write(`${sayPlan(plan)}\n`);
      } catch (thrown) {
        if (files.length === 1) throw thrown;
        process.stderr.write(`failed: ${file}: ${messageOf(thrown)}\n`);
        seen.push({ file, error: messageOf(thrown) });
        process.exitCode = 1;
      }
    }
    if (options.json) process.stdout.write(`${JSON.stringify(files.length === 1 ? seen[0] : { files: seen })}\n`);
  });
}
