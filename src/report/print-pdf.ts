import { spawn } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SpectraError } from "../cube/errors.js";
import { writeSafely } from "../cube/write-file.js";

const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** Chromium as CHROMIUM_PATH says, or the first of its names on the PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const said = process.env.CHROMIUM_PATH;
  if (said) return existsSync(said) ? said : undefined;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** The browser keeps to the page: no start-up traffic, a profile of its own that is thrown away. */
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-pdf-header-footer",
];

/** Print a page to a PDF by headless Chromium. Without a Chromium it refuses and says how to get one. */
export async function printPdf(page: string, pdf: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  const chromium = findChromium();
  if (!chromium) {
    throw new SpectraError(
      "missing",
      pdf,
      `${pdf} needs Chromium to be printed, and none was found; install it, name it in CHROMIUM_PATH, or print ${page} from any browser`,
    );
  }
  const profile = mkdtempSync(join(tmpdir(), "spectrastain-"));
  try {
    await writeSafely(resolve(pdf), async (temporary) => {
      const printed = join(profile, "page.pdf");
      await run(
        chromium,
        [...flags, `--user-data-dir=${profile}`, `--print-to-pdf=${printed}`, pathToFileURL(resolve(page)).href],
        signal,
      );
      if (!existsSync(printed)) throw new SpectraError("disk", pdf, `${pdf} was not printed: Chromium wrote nothing`);
      copyFileSync(printed, temporary);
      // A comment behind the end, by which the file is known as made by this program.
      appendFileSync(temporary, "\n% spectrastain/report/1\n");
    });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(command: string, args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], signal });
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said = `${said}${text.toString()}`.slice(-2000);
    });
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0 ? done() : fail(new SpectraError("worker", command, `Chromium ended with ${code}: ${said.trim()}`)),
    );
  });
}
