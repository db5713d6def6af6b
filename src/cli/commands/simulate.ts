import { Command, InvalidArgumentError, Option } from "commander";
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
  readonly noise: string;
  readonly fringes?: boolean;
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly biopsies?: number;
  readonly patch: number;
  readonly patches: [number, number];
  readonly tumour: [number, number];
  readonly confounder: "none" | "benign" | "malignant";
  readonly necrotic: number;
  readonly optics: "fine" | "coarse";
}

/** spectrastain simulate */
export function simulate(): Command {
  const command = new Command("simulate")
    .description(
      "write a cohort of simulated, labelled tissue cubes, or a diagnostic study of biopsies, and cohort.csv",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  spectrastain simulate --out tissue --patients 12 --size 320 --modes SD,HD\n  spectrastain validate tissue/cohort.csv --out check\n  spectrastain simulate --out study --biopsies 61       benign and malignant biopsies, SD, not annotated",
    )
    .requiredOption("--out <folder>", "folder for the cubes and cohort.csv")
    .option("--patients <n>", "patients", wholeNumber, 12)
    .option("--cores <n>", "cores a patient", wholeNumber, 1)
    .option("--size <px>", "edge of a core in HD pixels of 1.1 µm; SD has a fifth of it", wholeNumber, 320)
    .option("--height <px>", "rows in HD pixels, if the cube is not to be square", wholeNumber)
    .option("--modes <list>", "SD, HD or SD,HD", "SD,HD")
    .option("--labelled <share>", "share of the pixels that is annotated", share, 0.08)
    .option("--difficulty <d>", "0 easy to 1 hard: noise, patient effect and class overlap", share, 0.5)
    .addOption(
      new Option("--noise <of HD>", "raw, as measured, or denoised, a fourth of it")
        .choices(["raw", "denoised"])
        .default("raw"),
    )
    .option("--fringes", "light reflected in a film: a sine over every spectrum of a core")
    .option("--start <cm-1>", "first wavenumber", Number, 899)
    .option("--stop <cm-1>", "last wavenumber", Number, 1801)
    .option("--step <cm-1>", "spacing", Number, 3.857)
    .option("--biopsies <n>", "a study of so many biopsies, 35 in 61 of them malignant, instead of cores", wholeNumber)
    .option("--patch <um>", "with --biopsies: edge of the patches that sizes are counted in", Number, 160)
    .option("--patches <fewest,most>", "with --biopsies: patches of the smallest and the largest", pair, [12, 120])
    .option("--tumour <least,most>", "with --biopsies: share of the area that a tumour takes", shares, [0.005, 0.6])
    .addOption(
      new Option("--confounder <whose>", "with --biopsies: whose have pools of blood in some patches")
        .choices(["none", "benign", "malignant"])
        .default("none"),
    )
    .option("--necrotic <n>", "with --biopsies: so many malignant ones have a tumour that has died", wholeNumber, 0)
    .addOption(
      new Option("--optics <how>", "with --biopsies: coarse samples the scene once a pixel, and is 25 times as fast")
        .choices(["coarse", "fine"])
        .default("coarse"),
    );
  return addCommon(command).action(async (options: Options) => {
    const say = talk(options);
    const { cohort, cubes } = await interruptible((signal) =>
      simulateCohort(options.out, {
        ...options,
        ...say,
        study: options.biopsies === undefined ? undefined : studyOf(options),
        modes: options.modes.split(",").map((mode) => mode.trim()),
        signal,
      }),
    ).finally(say.end);
    say.result(`cohort      ${cohort}`);
    say.result(`cubes       ${cubes.length} (simulated data)`);
    say.data({ cohort, cubes, origin: "simulated" });
  });
}

function studyOf({
  biopsies,
  patch,
  patches,
  tumour,
  confounder,
  necrotic,
  optics,
  difficulty,
  start,
  stop,
  step,
}: Options) {
  return { biopsies, patchUm: patch, patches, tumour, confounder, necrotic, optics, difficulty, start, stop, step };
}

function pair(text: string): [number, number] {
  const [, fewest, most] = /^(\d+),(\d+)$/.exec(text) ?? [];
  if (fewest === undefined) throw new InvalidArgumentError("it must be two whole numbers, such as 12,120");
  return [Number(fewest), Number(most)];
}

function shares(text: string): [number, number] {
  const [least, most] = text.split(",").map(Number);
  if (!(least >= 0 && most >= 0)) throw new InvalidArgumentError("it must be two shares, such as 0.005,0.6");
  return [least, most];
}
