import { Command } from "commander";
import { simulateCohort } from "../../pipeline/simulate-cohort.js";
import { addCommon, type CommonOptions, share, wholeNumber } from "../common.js";
import { interruptible } from "../interrupt.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions {
  readonly out: string;
  readonly patients: number;
  readonly cores: number;
  readonly size: number;
  readonly height?: number;
  readonly modes: string;
  readonly labelled: number;
  readonly difficulty: number;
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** spectrastain simulate */
export function simulate(): Command {
  const command = new Command("simulate")
    .description("write a cohort of simulated, labelled tissue cubes and cohort.csv")
    .addHelpText(
      "after",
      "\nExamples:\n  spectrastain simulate --out tissue --patients 12 --size 320 --modes SD,HD\n  spectrastain validate tissue/cohort.csv --out check",
    )
    .requiredOption("--out <folder>", "folder for the cubes and cohort.csv")
    .option("--patients <n>", "patients", wholeNumber, 12)
    .option("--cores <n>", "cores a patient", wholeNumber, 1)
    .option("--size <px>", "edge of a core in HD pixels of 1.1 µm; SD has a fifth of it", wholeNumber, 320)
    .option("--height <px>", "rows in HD pixels, if the cube is not to be square", wholeNumber)
    .option("--modes <list>", "SD, HD or SD,HD", "SD,HD")
    .option("--labelled <share>", "share of the pixels that is annotated", share, 0.08)
    .option("--difficulty <d>", "0 easy to 1 hard: noise, patient effect and class overlap", share, 0.5)
    .option("--start <cm-1>", "first wavenumber", Number, 899)
    .option("--stop <cm-1>", "last wavenumber", Number, 1801)
    .option("--step <cm-1>", "spacing", Number, 3.857);
  return addCommon(command).action(async (options: Options) => {
    const say = talk(options);
    const { cohort, cubes } = await interruptible((signal) =>
      simulateCohort(options.out, {
        ...options,
        ...say,
        modes: options.modes.split(",").map((mode) => mode.trim()),
        signal,
      }),
    ).finally(say.end);
    say.result(`cohort      ${cohort}`);
    say.result(`cubes       ${cubes.length} (simulated data)`);
    say.data({ cohort, cubes, origin: "simulated" });
  });
}
