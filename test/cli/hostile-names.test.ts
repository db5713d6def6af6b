import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readFindings } from "#report/read-findings";
import { freshFolder, writeTissue } from "../pipeline/tissue.js";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = freshFolder("hostile");
const inFolder = (...names: string[]) => join(folder, ...names);
const run = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(
    process.execPath,
    [main, ...args, "--workers", "0"].slice(0, /^(fit|validate|stain)$/.test(args[0]) ? undefined : -2),
    { cwd: folder, encoding: "utf8" },
  );

/** Clears the screen, turns the text round, and sounds the bell. */
const hostile = `${String.fromCharCode(27)}[2J${String.fromCharCode(0x202e)}x${String.fromCharCode(0x9b)}31m${String.fromCharCode(7)}`;
const classes = ["unlabelled", "constructor", "__proto__", "toString"];
const inside = (patient: string) => `${patient}${hostile}\n*** all is well ***`;
/** Control characters, but for the ends of lines, and marks that turn text round. */
const commands = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const obeys = ({ stdout, stderr }: SpawnSyncReturns<string>) =>
  commands.test(`${stdout}${stderr}`.replaceAll("\n", ""));

beforeAll(async () => {
  for (const [i, patient] of ["P1", "=P2", "P3"].entries()) {
    await writeTissue(inFolder(`p${i + 1}.h5`), {
      patient: inside(patient),
      core: `C${i}${hostile}`,
      mode: `SD${hostile}`,
      seed: i + 1,
      names: classes,
    });
  }
  writeFileSync(
    inFolder("pipeline.yaml"),
    "name: quick\nsteps:\n  - correct: quality\n  - normalise: vector\nreduce: { components: 6, outside: 0 }\nclassify: { trees: 12, pixelsPerClass: 200 }\n",
  );
  writeFileSync(inFolder("cohort.csv"), "cube\np1.h5\np2.h5\n");
});

test("classes called constructor, __proto__ and toString go the whole way, under names that would command a terminal", async () => {
  const fitted = run("fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "model.h5");
  expect(fitted.stderr + fitted.stdout).toMatch(/constructor +\d+ pixels[\s\S]*__proto__ +\d+ pixels[\s\S]*toString/);
  const checked = run(
    "validate",
    "cohort.csv",
    "--pipeline",
    "pipeline.yaml",
    "--out",
    "check",
    "--folds",
    "2",
    "--permutations",
    "0",
  );
  expect(checked.stdout).toMatch(/AUC __proto__ +\d\.\d/);
  const stained = run("stain", "model.h5", "p3.h5", "--out", "maps", "--pictures", "report");
  expect(stained.stdout).toMatch(
    /constructor +\d+ pixels[\s\S]*__proto__ +\d+ pixels[\s\S]*AUC constructor [\d.]+, __proto__ [\d.]+/,
  );
  const merged = run("report", "check", "maps", "--out", "all.html", "--tables");
  const looked = run("inspect", "p3.h5");
  expect(looked.stdout).toContain("patient     P3\\x1b[2J\\u202ex\\x9b31m\\x07 *** all is well ***");
  for (const done of [fitted, checked, stained, merged, looked]) {
    expect(done.status, done.stderr).toBe(0);
    expect(obeys(done)).toBe(false);
    expect(`${done.stdout}\n${done.stderr}`).not.toMatch(/^\*\*\* all is well/m);
  }

  const findings = await readFindings(inFolder("all.findings.json"));
  const names = classes.slice(1);
  expect(Object.keys(findings.palette ?? {})).toEqual(expect.arrayContaining(names));
  expect(findings.validation?.classNames).toEqual(names);
  expect(Object.keys(findings.stains?.[0].scores?.auc ?? {})).toEqual(names);
  const colours = new Set(names.map((name) => Object.getOwnPropertyDescriptor(findings.palette, name)?.value.join()));
  expect(colours.size).toBe(3);
  const polygons = JSON.parse(readFileSync(inFolder("maps", "p3.geojson"), "utf8"));
  expect(
    new Set(
      polygons.features.map(
        (of: { properties: { classification: { name: string } } }) => of.properties.classification.name,
      ),
    ),
  ).toEqual(new Set(names));
  expect(readFileSync(inFolder("all.html"), "utf8")).toContain("__proto__");
  for (const table of readdirSync(inFolder("tables"))) {
    expect(readFileSync(inFolder("tables", table), "utf8")).not.toMatch(/(^|,)"?=/m);
  }
}, 240_000);

test("errors, arguments and JSON command nothing either", () => {
  const name = `no${hostile}.h5`;
  for (const args of [["inspect", name], [name], ["inspect", "p3.h5", "--json"]]) {
    const done = run(...args);
    expect(`${done.stdout}${done.stderr}`.length, args.join(" ")).toBeGreaterThan(20);
    expect(obeys(done), args.join(" ")).toBe(false);
  }
  expect(JSON.parse(run("inspect", "p3.h5", "--json").stdout).patient).toBe(`P3${hostile} *** all is well ***`);
}, 120_000);
