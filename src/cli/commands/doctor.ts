import { readdirSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { SpectraError } from "../../cube/errors.js";
import { refusal } from "../../cube/refusal.js";
import { sweep } from "../../cube/temporaries.js";
import { checkBackend } from "../../diagnose/check-backend.js";
import { type BackendName, backendNames, openBackend } from "../../diagnose/open-backend.js";
import { version } from "../../pipeline/version.js";
import { findChromium } from "../../report/print-pdf.js";
import { talk } from "../talk.js";

/** spectrastain doctor */
export function doctor(): Command {
  return new Command("doctor")
    .description("say what this machine has: the backend of the networks and why, and what is optional")
    .addHelpText(
      "after",
      "\nExamples:\n  spectrastain doctor --backend cpu\n  spectrastain doctor maps        removes what killed runs have left in maps, finished rows included",
    )
    .addOption(new Option("--backend <name>", "the backend to look at").choices([...backendNames]).default("auto"))
    .option("--json", "print one JSON object on stdout")
    .argument("[folder]", "an output folder: what runs that were killed have left in it is removed")
    .option("--quiet", "say nothing but errors; --json still prints its object")
    .action(
      async (
        folder: string | undefined,
        { backend, ...options }: { backend: BackendName; json?: boolean; quiet?: boolean },
      ) => {
        const say = talk(options);
        const removed = folder === undefined ? undefined : cleanFolder(folder);
        const { tf, name, why } = await openBackend(backend);
        const agreement = checkBackend(tf);
        const found = {
          version,
          node: process.version,
          cores: availableParallelism(),
          memoryGiB: Math.round(totalmem() / 2 ** 30),
          backend: { name, why, largestError: agreement },
          chromium: findChromium() ?? null,
          ...(removed !== undefined && { removed }),
          onnxruntime: await isInstalled("onnxruntime-node"),
        };
        say.data(found);
        const lines = [
          ["spectrastain", found.version],
          ["Node", `${found.node}, ${found.cores} cores, ${found.memoryGiB} GiB`],
          ["networks", `${name}: ${why}`],
          ["", `a product and its gradient agree with plain sums to ${agreement.toExponential(1)}`],
          ["PDF", found.chromium ?? "no Chromium: reports are written, but not printed (CHROMIUM_PATH names one)"],
          [
            "ONNX",
            found.onnxruntime
              ? "onnxruntime-node is installed"
              : "onnxruntime-node is not installed: bags --onnx needs it",
          ],
        ];
        if (removed !== undefined)
          lines.push(["folder", `${folder}: ${removed} temporary file(s) of ended runs removed`]);
        for (const [what, said] of lines) say.result(`${what.padEnd(14)} ${said}`);
      },
    );
}

/** Remove the temporary files of ended runs in a folder and the folders in it. */
function cleanFolder(folder: string): number {
  try {
    const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...inside.map(({ name }) => join(folder, name))].reduce((sum, path) => sum + sweep(path), 0);
  } catch (cause) {
    throw new SpectraError("missing", folder, `${folder} cannot be looked through: ${refusal(cause)}`, { cause });
  }
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    await import(name);
    return true;
  } catch {
    return false;
  }
}
