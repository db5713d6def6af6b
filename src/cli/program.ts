import { Command, CommanderError } from "commander";
import { faultOf, messageOf, SpectraError, stackOf } from "../cube/errors.js";
import { keepingInputs } from "../cube/inputs.js";
import { version } from "../pipeline/version.js";
import { sayAside, sayHelp } from "./say.js";

/** Each command is loaded when it is typed: all of them are 900 files, a second of a busy machine. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import("./commands/demo.js")).demo(),
  simulate: async () => (await import("./commands/simulate.js")).simulate(),
  inspect: async () => (await import("./commands/inspect.js")).inspect(),
  cohort: async () => (await import("./commands/cohort.js")).cohort(),
  rechunk: async () => (await import("./commands/rechunk.js")).rechunk(),
  fit: async () => (await import("./commands/fit.js")).fit(),
  validate: async () => (await import("./commands/validate.js")).validate(),
  stain: async () => (await import("./commands/stain.js")).stain(),
  bags: async () => (await import("./commands/bags.js")).bags(),
  "train-mil": async () => (await import("./commands/train-mil.js")).trainMilCommand(),
  diagnose: async () => (await import("./commands/diagnose.js")).diagnose(),
  report: async () => (await import("./commands/report.js")).report(),
  doctor: async () => (await import("./commands/doctor.js")).doctor(),
};

// What was typed stands in the messages of commander; it may come from a file name that a shell filled in.
const output = {
  writeOut: (text: string) => sayHelp(text, process.stdout),
  writeErr: (text: string) => sayHelp(text, process.stderr),
};

const hint = "(add --help for the options)";

/** The program, with the command that the words begin with; with all of them, for the help, where they begin with none. */
export async function program(words: readonly string[] = []): Promise<Command> {
  const whole = new Command("spectrastain")
    .configureOutput(output)
    .description("Digital staining of tissue from infrared hyperspectral cubes. Research use only.")
    .version(version)
    .addHelpText(
      "after",
      `
A first run:
  spectrastain demo                                   simulated tissue through every step, with a report

With your own cubes (HDF5) and a cohort file (CSV with the columns cube, patient, core, mode):
  spectrastain inspect  biopsy.h5                     what is in a file, and what is wrong with it
  spectrastain cohort   cohort.csv                    what was understood of it, and what is wrong with it
  spectrastain validate cohort.csv --out check        how well patients are judged that were not learned from
  spectrastain fit      cohort.csv --out model.h5     a model from all annotated pixels
  spectrastain stain    model.h5 new.csv --out maps   class maps, PNG, GeoJSON and a report for every cube

A diagnosis of whole biopsies (a cohort file with the columns patient, biopsy and label, such as benign or malignant):
  spectrastain bags      model.h5 biopsies.csv --stain maps --out bags     patches of the stained cubes, described
  spectrastain train-mil bags --out study                                 a diagnosis, judged on patients held out
  spectrastain diagnose  study/mil-model.h5 new-bags --stain maps --out cases   answers, maps, and the unified report

Exit codes: 0 done, 1 something failed (said on stderr), 2 the command was not understood.`,
    )
    .showHelpAfterError(hint)
    .exitOverride();

  const [first = ""] = words;
  const typed = Object.hasOwn(commands, first) || first === "--version" ? [first] : Object.keys(commands);
  for (const name of typed) {
    const command = await commands[name]?.();
    if (command) whole.addCommand(command.exitOverride().configureOutput(output).showHelpAfterError(hint));
  }
  return whole;
}

/** Do what the words after the name of the program say, and give the exit code. */
export async function run(words: readonly string[]): Promise<number> {
  process.exitCode = 0;
  // A part of the program that cannot be loaded is told by whoever called us.
  const whole = await program(words);
  try {
    await keepingInputs(() => whole.parseAsync(words, { from: "user" }));
    // A command that lists failures sets it.
    return Number(process.exitCode);
  } catch (thrown) {
    return exitCodeOf(thrown);
  }
}

/** Say what went wrong, and with what code to end. */
function exitCodeOf(thrown: unknown): number {
  // Commander has printed its own message already; help and version are no errors.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  sayAside(`spectrastain: ${process.env.SPECTRASTAIN_DEBUG ? stackOf(thrown) : messageOf(thrown)}`);
  if (!(thrown instanceof SpectraError)) return 1;
  return thrown.kind === "cancelled" ? 130 : faultOf[thrown.kind] === "call" ? 2 : 1;
}
