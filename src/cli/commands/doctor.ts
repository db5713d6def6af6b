import { availableParallelism, totalmem } from "node:os";
import { Command, Option } from "commander";
import { checkBackend } from "../../diagnose/check-backend.js";
import { type BackendName, backendNames, openBackend } from "../../diagnose/open-backend.js";
import { version } from "../../pipeline/version.js";
import { findChromium } from "../../report/print-pdf.js";

/** spectrastain doctor */
export function doctor(): Command {
  return new Command("doctor")
    .description("say what this machine has: the backend of the networks and why, and what is optional")
    .addHelpText("after", "\nExample:\n  spectrastain doctor --backend cpu")
    .addOption(new Option("--backend <name>", "the backend to look at").choices([...backendNames]).default("auto"))
    .option("--json", "print one JSON object on stdout")
    .action(async ({ backend, json }: { backend: BackendName; json?: boolean }) => {
      const { tf, name, why } = await openBackend(backend);
      const agreement = checkBackend(tf);
      const found = {
        version,
        node: process.version,
        cores: availableParallelism(),
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        backend: { name, why, largestError: agreement },
        chromium: findChromium() ?? null,
        onnxruntime: await isInstalled("onnxruntime-node"),
      };
      if (json) {
        process.stdout.write(`${JSON.stringify(found)}\n`);
        return;
      }
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
      for (const [what, said] of lines) process.stdout.write(`${what.padEnd(14)} ${said}\n`);
    });
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    await import(name);
    return true;
  } catch {
    return false;
  }
}
