import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { freshFolder, writeTissue } from "../pipeline/tissue.js";

const dist = resolve(import.meta.dirname, "../../dist");
const folder = freshFolder("quiet");
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, "cli/main.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

beforeAll(async () => {
  for (const [i, patient] of ["P1", "P2", "P3"].entries()) {
    await writeTissue(join(folder, `p${i + 1}.h5`), { patient, seed: i + 1 });
  }
  writeFileSync(join(folder, "cohort.csv"), "cube,Patient\np1.h5,P1\np2.h5,P2\n");
  writeFileSync(join(folder, "bad.csv"), "cube,split\np1.h5,tset\n");
  writeFileSync(
    join(folder, "pipeline.yaml"),
    "name: quick\nsteps:\n  - correct: quality\n  - normalise: vector\nreduce: { components: 6, outside: 0 }\nclassify: { trees: 12, pixelsPerClass: 200 }\n",
  );
});

test("every command knows --quiet and says what it does, and no other place writes to the terminal", () => {
  const commands = readdirSync(join(dist, "cli/commands")).filter((name) => name.endsWith(".js"));
  expect(commands.length).toBeGreaterThan(10);
  const source = resolve(import.meta.dirname, "../../src/cli");
  const writing = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      name.endsWith(".ts") && /process\.std(out|err)\.write|console\./.test(readFileSync(join(source, name), "utf8")),
  );
  // The start itself says when there are not even the means to load the rest.
  expect(writing).toEqual(["main.ts", "say.ts"]);
});

test("with --quiet nothing is said, on either stream; results are there all the same", () => {
  const silent = { status: 0, stdout: "", stderr: "" };
  const fast = ["--pipeline", "pipeline.yaml", "--workers", "0", "--quiet"];
  expect(run("cohort", "cohort.csv", "--quiet")).toEqual(silent);
  expect(run("inspect", "p1.h5", "--plan", "--quiet")).toEqual(silent);
  expect(run("fit", "cohort.csv", "--out", "model.h5", ...fast)).toEqual(silent);
  expect(run("stain", "model.h5", "p3.h5", "--out", "maps", "--pictures", "none", "--workers", "0", "--quiet")).toEqual(
    silent,
  );
  expect(run("report", "maps", "--out", "maps/again.html", "--tables", "--quiet")).toEqual(silent);
  expect(readdirSync(join(folder, "maps"))).toEqual(expect.arrayContaining(["again.html", "report.html", "tables"]));
}, 120_000);

test("errors are told all the same, and --json prints its object", () => {
  const bad = run("cohort", "bad.csv", "--quiet", "--json");
  expect([bad.status, bad.stderr]).toEqual([1, ""]);
  expect(JSON.parse(bad.stdout).problems[0]).toMatch(/row 1 \(line 2\): the split "tset" is not known/);
  const missing = run("inspect", "none.h5", "--quiet");
  expect([missing.status, missing.stdout]).toEqual([1, ""]);
  expect(missing.stderr).toMatch(/none\.h5/);
}, 60_000);

test("without it a long command says first what its cohort file was understood to mean", () => {
  writeFileSync(
    join(folder, "said.csv"),
    "cube,Patient ID,mode,split\np1.h5,P1,sd,train\np2.h5,P2,SD,holdout\nnone.h5,P3,,test\n",
  );
  const { stderr } = run("fit", "said.csv", "--out", "said.h5", "--pipeline", "pipeline.yaml", "--workers", "0");
  expect(stderr).toMatch(/note: said\.csv: 3 cubes; 3 patients; 1 to learn from, 2 held out; mode SD 2/);
  expect(stderr).toMatch(/note: column "Patient ID" is taken for "patient"/);
  expect(stderr).toMatch(/note: 1 of 3 files are not there: none\.h5/);
}, 60_000);
