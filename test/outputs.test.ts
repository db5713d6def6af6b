import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { program, run as runProgram } from "#cli/program";
import { freshFolder } from "./pipeline/tissue.js";
import { made as inputs, runs, writeStudy } from "./small-study.js";

const folder = freshFolder("outputs");
const said: string[] = [];
const { argv } = process;

/** Run a command in the folder, in this process; what it says on stderr is kept in `said`. */
async function run(...words: string[]): Promise<number> {
  said.length = 0;
  process.argv = ["node", "spectrastain", ...words];
  const code = await runProgram(words);
  process.exitCode = 0;
  // What was under way beside that which failed comes to its end, as it does before a process ends.
  for (let wait = 0; wait < 200 && temporaries().length; wait++) await new Promise((later) => setTimeout(later, 50));
  return code;
}

const temporaries = () => Object.keys(snapshot()).filter((name) => /spectrastain-(tmp|run)$/.test(name));

/** Every file under a folder with a hash of its bytes, and every link with where it leads. */
function snapshot(of = folder): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of (readdirSync(of, { recursive: true }) as string[]).sort()) {
    const path = join(of, name);
    const status = lstatSync(path);
    if (status.isDirectory()) continue;
    found[name] = status.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "link";
  }
  return found;
}

const quick = ["--workers", "0", "--quiet"];

/** These write nothing; the demonstration is every other command, and too long for here: see below. */
const others = ["inspect", "cohort", "doctor", "demo"];

const wordsOf = (name: string, out: string) => [...runs[name](out), ...(name === "report" ? ["--quiet"] : quick)];

beforeAll(async () => {
  process.chdir(folder);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(said.push(String(text))));
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  await writeStudy(folder);
  for (const [name, out] of Object.entries(inputs)) {
    expect(await run(...wordsOf(name, out)), `${name}: ${said.join("")}`).toBe(0);
  }
  mkdirSync("data");
  writeFileSync("data/measured.csv", "a measurement");
}, 120_000);
afterAll(() => {
  vi.restoreAllMocks();
  process.argv = argv;
  process.chdir("/");
  rmSync(folder, { recursive: true, force: true });
});

test("every command of the program has a case here", async () => {
  const names = (await program()).commands.map((command) => command.name());
  expect(names.sort()).toEqual([...Object.keys(runs), ...others].sort());
});

describe.each(Object.keys(runs))("%s", (name) => {
  const out = `out-${name}`;
  /** Files that the run has made, by their names in the folder. */
  let made: string[] = [];

  test("changes no byte of what it reads, leaves nothing half-written, and may be run again over its own", async () => {
    const before = snapshot();
    expect(await run(...wordsOf(name, out)), said.join("")).toBe(0);
    const after = snapshot();
    expect({ ...after, ...before }).toEqual(after);
    made = Object.keys(after).filter((file) => !(file in before));
    expect(made.length).toBeGreaterThan(0);
    expect(made.filter((file) => file.includes("spectrastain-"))).toEqual([]);
    expect(await run(...wordsOf(name, out)), said.join("")).toBe(0);
    expect(Object.keys(snapshot())).toEqual(Object.keys(after));
  }, 240_000);

  test("refuses to write over a foreign file of any name that it writes", async () => {
    for (const file of made) {
      // One cube stands for all, one picture, and one network.
      if (
        /\bn(?:[2-9]|10)\b|(confidence|rejected|amide-i|composite|map-.*|patch-.*)\.png$|folds\/.*[^1]\.json/.test(file)
      )
        continue;
      // A cube that is finished is not looked at again: its picture is begun by another run.
      const fresh = join("fresh", file);
      rmSync("fresh", { recursive: true, force: true });
      mkdirSync(resolve(fresh, ".."), { recursive: true });
      writeFileSync(fresh, "somebody's notes");
      // Of a folder that was simulated before, cubes and tables are ours only by what stands in them.
      if (name === "simulate" && !file.endsWith("simulation.json"))
        writeFileSync(join("fresh", out, "simulation.json"), readFileSync(join(out, "simulation.json")));
      const before = snapshot();
      const code = await run(...wordsOf(name, join("fresh", out)));
      expect([1, 2], `${file}: ${said.join("")}`).toContain(code);
      expect(said.join(""), file).toMatch(/name another --out/);
      expect(readFileSync(fresh, "utf8"), file).toBe("somebody's notes");
      const now = snapshot();
      expect({ ...now, ...before }).toEqual(now);
      expect(Object.keys(now).filter((of) => of.includes("spectrastain-tmp"))).toEqual([]);
    }
  }, 240_000);
});

/** Commands whose --out would cost somebody a file, by whatever path it is named. */
const harmful: [what: string, words: string[]][] = [
  ["a model over the cohort file", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "cohort.csv"]],
  ["a model over the pipeline", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "pipeline.yaml"]],
  ["a model over a cube", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "p1.h5"]],
  ["a model over a cube that is not read", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "n1.h5"]],
  ["a model over a cube by ..", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "data/../p1.h5"]],
  ["a model over a map", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "maps/n1.stain.h5"]],
  ["a model over a device", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "/dev/null"]],
  ["a model into no folder", ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "nowhere/model.h5"]],
  ["a cube over itself", ["rechunk", "p1.h5", "--out", "p1.h5"]],
  ["a cube over itself by a link", ["rechunk", "p1.h5", "--out", "soft.h5"]],
  ["a cube over itself by a hard link", ["rechunk", "p1.h5", "--out", "hard.h5"]],
  ["a cube over another", ["rechunk", "p1.h5", "--out", "p2.h5"]],
  ["a report over a cohort file", ["report", "maps", "--out", "cohort.csv"]],
  ["a report over findings", ["report", "maps", "--out", "maps/findings.json"]],
  ["a simulation among data", ["simulate", "--out", "data", "--patients", "2", "--size", "40", "--step", "50"]],
  ["a stain into a file", ["stain", "model.h5", "new.csv", "--out", "cohort.csv"]],
  [
    "findings over those of the stain that is read",
    ["diagnose", "study/mil-model.h5", "bags", "--stain", "maps", "--out", "maps"],
  ],
  [
    "findings over those of another command",
    ["validate", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "maps"],
  ],
  ["the demonstration over findings of a stain", ["demo", "--out", "maps"]],
];

test.each(harmful)("%s is refused before any work, and no byte is changed", async (_, words) => {
  if (!existsSync("soft.h5")) {
    symlinkSync("p1.h5", "soft.h5");
    linkSync("p1.h5", "hard.h5");
  }
  const before = snapshot();
  const code = await run(...words, ...(words[0] === "report" ? ["--quiet"] : quick));
  expect([1, 2], said.join("")).toContain(code);
  expect(said.join("")).toMatch(/is read|not made by|not simulated|is not there|name another|name a file|no folder/);
  expect(snapshot()).toEqual(before);
});

test("an option that is only capitals away from an input names the input where the file system does not tell them apart", async () => {
  const folds = existsSync("P1.H5");
  const before = snapshot();
  const code = await run("rechunk", "p1.h5", "--out", "P1.H5", ...quick);
  if (folds) expect([code, snapshot()]).toEqual([2, before]);
  else expect(code).toBe(0);
  rmSync(folds ? "none" : "P1.H5", { force: true });
});

test("links that were planted are not followed out of the folder, one that the user gives as the folder is", async () => {
  mkdirSync("linked");
  mkdirSync("elsewhere");
  symlinkSync("../elsewhere", "linked/n1");
  expect(await run(...wordsOf("stain", "linked"))).toBe(2);
  expect(said.join("")).toMatch(/linked\/n1 is a link that leads out of linked/);
  expect(readdirSync("elsewhere")).toEqual([]);
  symlinkSync("elsewhere", "given");
  expect(await run(...wordsOf("validate", "given")), said.join("")).toBe(0);
  expect(readdirSync("elsewhere")).toContain("findings.json");
  // A link in the place of a file is replaced, and what it leads to stays.
  renameSync("elsewhere/report.html", "page.html");
  const page = readFileSync("page.html");
  symlinkSync("../page.html", "elsewhere/report.html");
  expect(await run("report", "elsewhere", "--quiet")).toBe(0);
  expect(lstatSync("elsewhere/report.html").isSymbolicLink()).toBe(false);
  expect(readFileSync("page.html").equals(page)).toBe(true);
});

test("of two runs in one folder the second is told, and the results of the first are whole", async () => {
  const both = await Promise.all([
    runProgram(wordsOf("validate", "shared")),
    runProgram(wordsOf("validate", "shared")),
  ]);
  process.exitCode = 0;
  expect(both.sort()).toEqual([0, 1]);
  expect(said.join("")).toMatch(
    /shared is being written by another run \(process \d+\); wait for its end, or name another/,
  );
  expect(readdirSync("shared").sort()).toEqual(["findings.json", "report.html", "run.json"]);
});

test.skipIf(process.getuid?.() === 0)(
  "a folder that may not be written to is told at once, with the way out",
  async () => {
    mkdirSync("locked");
    chmodSync("locked", 0o500);
    expect(await run(...wordsOf("stain", "locked"))).toBe(1);
    expect(said.join("")).toMatch(/locked cannot be written: permission denied; name a place that you may write to/);
  },
);

test("what killed runs have left is removed by the next run, and by doctor", async () => {
  const left = ".n1.stain.h5.00000000-99999999-1-0123456789ab.spectrastain-tmp";
  const own = readdirSync("maps");
  const name = await leftover("maps");
  expect(await run(...wordsOf("stain", "maps")), said.join("")).toBe(0);
  expect(readdirSync("maps")).toEqual(own);
  writeFileSync(join("maps/n1", name), "half");
  // Of another host, touched a moment ago: it may be at work.
  writeFileSync(join("maps", left), "half");
  expect(await run("doctor", "maps", "--quiet")).toBe(0);
  expect(readdirSync("maps/n1")).not.toContain(name);
  expect(readdirSync("maps")).toContain(left);
  rmSync(join("maps", left));
});

/** Leave a temporary file in a folder as a killed process of this host would. */
async function leftover(of: string): Promise<string> {
  const { makeTemporary } = await import("#cube/temporaries");
  const path = makeTemporary(of, "n1.stain.h5");
  const dead = path.replace(/-\d+-\d+-(?=[0-9a-f]{12}\.)/, "-99999999-1-");
  renameSync(path, dead);
  return dead.slice(of.length + 1);
}
