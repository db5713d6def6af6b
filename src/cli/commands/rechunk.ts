import { Command, InvalidArgumentError } from "commander";
import { rechunk as rechunkCube } from "../../pipeline/rechunk.js";
import {
  addCommon,
  addLayout,
  addMemory,
  type CommonOptions,
  type LayoutFlags,
  layoutOf,
  type MemoryFlag,
  wholeNumber,
} from "../common.js";
import { interruptible } from "../interrupt.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, LayoutFlags, MemoryFlag {
  readonly out: string;
  readonly gzip?: number;
}

/** spectrastain rechunk */
export function rechunk(): Command {
  const command = new Command("rechunk")
    .description("rewrite a cube with chunks of whole spectra, so that it can be read by rows at full speed")
    .addHelpText(
      "after",
      "\nExamples:\n  spectrastain rechunk planes.h5 --out biopsy.h5\n  spectrastain rechunk foreign.h5 --dataset /scan/data --axis /scan/wn --order brc --gzip 4 --memory 4GB --out biopsy.h5\n\nWritten are absorbance as float32, wavenumbers ascending, labels, mask and the attributes of the file; other datasets are not copied.",
    )
    .argument("<file>", "the cube (HDF5)")
    .requiredOption("--out <file>", "the cube that is written (HDF5)")
    .option("--gzip <level>", "compress, 1 (fast) to 9 (small)", gzipLevel);
  return addMemory(addLayout(addCommon(command))).action(async (file: string, options: Options) => {
    const say = talk(options);
    const done = await interruptible((signal) =>
      rechunkCube(file, options.out, { ...options, ...say, signal, layout: layoutOf(options) }),
    ).finally(say.end);
    say.result(`cube        ${done.out}, chunks [${done.chunks.join(", ")}]`);
    say.data(done);
  });
}

function gzipLevel(text: string): number {
  const level = wholeNumber(text);
  if (level < 1 || level > 9) throw new InvalidArgumentError("it must be from 1 to 9");
  return level;
}
