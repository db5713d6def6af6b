import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { simulateCohort } from "#pipeline/simulate-cohort";

const root = resolve(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text]) => text);
/** The commands of the shell blocks, without their comments. */
const commands = blocks("sh")
  .join("")
  .split("\n")
  .map((line) => line.replace(/#.*/, "").trim())
  .filter((line) => line !== "");
const { scripts, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** A folder in which the package is installed, as far as Node can tell. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "spectrastain"));
  return folder;
}
const node = (folder: string, ...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

test("the two commands are those of the package", () => {
  expect(commands.slice(0, 2)).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
  expect(scripts.demo).toMatch(/build && node dist\/cli\/main\.js demo$/);
  expect(scripts.test).toMatch(/build && vitest run$/);
});

describe("the commands for one's own cubes run and write what they promise", () => {
  const ours = commands.filter((line) => line.startsWith("npx spectrastain"));
  const folder = installed();

  test("on a simulated cohort in the place of one's own", async () => {
    const options = {
      patients: 6,
      size: 120,
      modes: ["SD"],
      labelled: 0.3,
      step: 12,
      seed: 3,
      workers: 2,
      testPatients: 1,
    };
    const { cubes } = await simulateCohort(join(folder, "cubes"), options);
    const rows = readFileSync(join(folder, "cubes", "cohort.csv"), "utf8")
      .trim()
      .split("\n");
    const moved = rows.map((row, i) => (i ? `cubes/${row}` : row));
    writeFileSync(join(folder, "cohort.csv"), `${moved.join("\n")}\n`);
    writeFileSync(
      join(folder, "new.csv"),
      `${[moved[0], ...moved.filter((row) => row.endsWith("test"))].join("\n")}\n`,
    );
    symlinkSync(cubes[0], join(folder, "biopsy.h5"));
    const study = { biopsies: 12, patches: [6, 12], tumour: [0.2, 0.6], step: 12 } as const;
    await simulateCohort(join(folder, "biopsies"), { seed: 3, workers: 2, study });
    const biopsies = readFileSync(join(folder, "biopsies", "cohort.csv"), "utf8")
      .trim()
      .split("\n");
    const named = biopsies.map((row, i) => (i ? `biopsies/${row}` : row));
    writeFileSync(join(folder, "biopsies.csv"), `${named.join("\n")}\n`);
    expect(ours.map((line) => line.split(/\s+/)[2])).toEqual([
      "inspect",
      "cohort",
      "validate",
      "fit",
      "stain",
      "stain",
      "bags",
      "train-mil",
      "diagnose",
      "report",
    ]);
    for (const line of ours) {
      const [, , ...args] = line.split(/\s+/);
      // Twelve biopsies have too few patients for five folds, and the comparison with other methods takes a minute.
      if (args[0] === "train-mil")
        args.push("--folds", "4", "--repeats", "1", "--permutations", "0", "--methods", "top-k");
      // 99 shuffles of 200 trees are a minute for a reader and for nobody here.
      if (args[0] === "validate") args.push("--permutations", "2", "--null-trees", "10");
      const out = node(folder, join(root, "dist/cli/main.js"), ...args);
      expect(out.length, line).toBeGreaterThan(50);
    }
    for (const file of [
      "check/findings.json",
      "check/report.html",
      "model.h5",
      "maps/report.html",
      "study/mil-model.h5",
      "cases/report.html",
      "unified.html",
    ]) {
      expect(existsSync(join(folder, file)), file).toBe(true);
    }
  }, 120_000);
});

test("the example of the library runs and prints a composition", () => {
  const [example] = blocks("ts");
  const folder = installed();
  writeFileSync(join(folder, "example.mjs"), example);
  expect(node(folder, "example.mjs")).toMatch(
    /^cancer [1-9]\d*, benign [1-9]\d*, stroma [1-9]\d\d, inflammation [1-9]\d*/,
  );
}, 120_000);

test("the picture of the phantom is what its notebook draws", () => {
  const drawn = join(mkdtempSync(join(tmpdir(), "notebook-")), "phantom.png");
  node(root, "notebooks/phantom.mjs", drawn);
  const [now, shown] = [drawn, join(root, "docs/phantom.png")].map((path) => decode(readFileSync(path)));
  expect([now.width, now.height]).toEqual([shown.width, shown.height]);
  // Another version of Node may round a sine or an exponential otherwise, and turn a grey of a few pixels by a step.
  const changed = now.data.filter((value, i) => value !== shown.data[i]).length;
  expect(changed / now.data.length).toBeLessThan(1e-3);
}, 120_000);

/** Files of this repository that the README links to or shows. */
const links = [...readme.matchAll(/\]\(([^)#:]+)\)|src="([^":]+)"/g)].map(([, linked, shown]) => linked ?? shown);

test("every file that the README links to is there", () => {
  expect(links.length).toBeGreaterThan(5);
  for (const path of links) expect(existsSync(join(root, path)), path).toBe(true);
});

test("what is published is what is needed: the program, the pipelines, the tables and what the README links to", () => {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  expect(packed.version).toBe(version);
  const folders = new Set(
    packed.files.map(({ path }: { path: string }) => (dirname(path) === "." ? path : path.split("/")[0])),
  );
  expect([...folders].sort()).toEqual(["LICENSE", "README.md", "dist", "docs", "package.json", "pipelines", "spectra"]);
  const paths = packed.files.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      "dist/cli/main.js",
      "dist/kernels/kernels.wasm",
      "dist/pipeline/worker.js",
      "pipelines/digital-stain.yaml",
      "pipelines/pipeline.schema.json",
      "spectra/assignments.json",
      ...links,
    ]),
  );
  const bytes = (ending: RegExp) =>
    packed.files.reduce(
      (sum: number, { path, size }: { path: string; size: number }) => sum + (ending.test(path) ? size : 0),
      0,
    );
  // Pictures for people, and no more of them than a slow line bears.
  expect(bytes(/\.png$/)).toBeLessThan(500_000);
});
