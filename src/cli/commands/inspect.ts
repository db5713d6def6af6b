import { availableParallelism } from "node:os";
import { Command } from "commander";
import { messageOf } from "../../cube/errors.js";
import { examine } from "../../read/examine.js";
import { addLayout, addMemory, type LayoutFlags, layoutOf, type MemoryFlag } from "../common.js";
import { describeExamination } from "../describe-examination.js";

interface Options extends LayoutFlags, MemoryFlag {
  readonly json?: boolean;
}

/** spectrastain inspect */
export function inspect(): Command {
  const command = new Command("inspect")
    .description("print what is in a cube, and what is wrong with it")
    .addHelpText(
      "after",
      "\nExamples:\n  spectrastain inspect biopsy.h5\n  spectrastain inspect foreign.h5 --dataset /scan/data --axis /scan/wn --order brc --quantity transmittance",
    )
    .argument("<files...>", "cubes (HDF5)")
    .option("--json", "print one JSON object on stdout")
    .option("--quiet", "no remarks on stderr");
  return addMemory(addLayout(command)).action(async (files: string[], options: Options) => {
    const seen: unknown[] = [];
    for (const file of files) {
      try {
        const examination = await examine(file, layoutOf(options), {
          memory: options.memory,
          workers: availableParallelism(),
        });
        seen.push(examination);
        if (!options.json) process.stdout.write(`${describeExamination(examination)}\n`);
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
