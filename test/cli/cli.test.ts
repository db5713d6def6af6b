import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { freshFolder, wavenumbers, writeCohort, writeTissue } from "../pipeline/tissue.js";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = freshFolder("cli");
const inFolder = (...names: string[]) => join(folder, ...names);
const run = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8" });

/** The small forest of a quick pipeline, so that every command takes a second. */
const pipeline = `
name: quick
steps:
  - correct: quality
  - correct: baseline-two-point
  - normalise: vector
reduce: { components: 6, outside: 0 }
classify: { trees: 12, pixelsPerClass: 200 }
`;

beforeAll(async () => {
  const { rows } = await writeCohort(folder, 4);
  const lines = rows.map(({ path }, i) => `${path},P${i + 1},SD`);
  writeFileSync(inFolder("cohort.csv"), `cube,patient,mode\n${lines.join("\n")}\n`);
  writeFileSync(inFolder("pipeline.yaml"), pipeline);
  await writeTissue(inFolder("unseen.h5"), { patient: "P9", seed: 9 });
  const fitted = run("fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "model.h5", "--quiet");
  expect(fitted.stderr).toBe("");
});

describe("help and wrong commands", () => {
  test("every command teaches, and ends with 0", () => {
    const { stdout, status } = run("--help");
    expect(status).toBe(0);
    for (const command of ["demo", "simulate", "inspect", "rechunk", "fit", "validate", "stain", "report"]) {
      expect(stdout).toContain(command);
      const help = run(command, "--help");
      expect(help.status).toBe(0);
      expect(help.stdout.split("\n").length).toBeGreaterThan(6);
      expect(help.stdout).toMatch(/--json/);
    }
  });

  test("fit and validate say in their help that a bad cube stops them, and how to go on", () => {
    for (const command of ["fit", "validate"]) {
      expect(run(command, "--help").stdout).toMatch(
        /cannot be read stops the run[\s\S]*take its row out of the cohort file/,
      );
    }
  });

  test("what is not understood ends with 2, says why on stderr and nothing on stdout", () => {
    for (const args of [
      ["dye"],
      ["fit"],
      ["fit", "cohort.csv"],
      ["fit", "cohort.csv", "--out", "x.h5", "--colour"],
      ["validate", "cohort.csv", "--out", "x", "--folds", "five"],
      ["fit", "cohort.csv", "--out", "x.h5", "--palette", "grey"],
      ["simulate", "--out", "x", "--size", "33"],
      ["inspect", "unseen.h5", "--memory", "lots"],
      ["rechunk", "unseen.h5", "--out", "x.h5", "--gzip", "10"],
      ["rechunk", "unseen.h5", "--out", "unseen.h5"],
      // Of the call, not of the two cubes.
      ["stain", "model.h5", "unseen.h5", "p1.h5", "--out", "x", "--order", "xyz"],
    ]) {
      const { status, stdout, stderr } = run(...args);
      expect(status, args.join(" ")).toBe(2);
      expect(stdout).toBe("");
      expect(stderr.length).toBeGreaterThan(20);
    }
    expect(existsSync(inFolder("x"))).toBe(false);
  });
});

describe("one run after another", () => {
  test("inspect --plan says which steps share a pass, by pipeline or by model", () => {
    const { stdout } = run("inspect", "unseen.h5", "--plan");
    expect(stdout).toMatch(/1\. check +NaN, constant and quality in one look; 60 bands, 180 operations/);
    expect(stdout).toMatch(/2\. tidy +baseline-two-point, vector: folded into one pass.*3\. project/s);
    const coarse = JSON.parse(run("inspect", "unseen.h5", "--plan", "--pipeline", "quick-bands", "--json").stdout);
    expect(coarse.plan.passes.map(({ pass }: { pass: string }) => pass)).toEqual([
      "check",
      "kernel",
      "tidy",
      "project",
    ]);
    expect(run("inspect", "unseen.h5", "--plan", "--model", "model.h5").stdout).toMatch(
      /plan +of quick.*6 components/s,
    );
    expect(run("inspect", "unseen.h5", "--plan", "--pipeline", "nonesuch").status).toBe(1);
  });

  test("inspect prints facts; with --json one object", () => {
    expect(run("inspect", "unseen.h5").stdout).toMatch(/image +20 rows × 15 cols.*labels +unlabelled 160, nucleus 50/s);
    expect(JSON.parse(run("inspect", "unseen.h5", "--json").stdout)).toMatchObject({
      rows: 20,
      cols: 15,
      patient: "P9",
    });
    const two = run("inspect", "unseen.h5", "cohort.h5");
    expect(two.status).toBe(1);
    expect(two.stderr).toMatch(/cohort\.h5/);
  });

  test("stain prints accuracy and AUC against the cube's own labels; --json is one object, --quiet is silent", () => {
    const { stdout, stderr, status } = run("stain", "model.h5", "unseen.h5", "--out", "maps", "--json", "--quiet");
    expect(status).toBe(0);
    expect(stderr).toBe("");
    const { accuracy, auc, stains } = JSON.parse(stdout);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(Object.keys(auc)).toEqual(["nucleus", "collagen", "mucin"]);
    expect(stains[0].composition.length).toBe(5);
    for (const name of ["unseen.stain.h5", "unseen.png", "unseen.geojson", "findings.json", "report.html"]) {
      expect(existsSync(inFolder("maps", name)), name).toBe(true);
    }
  });

  test("report makes the page again from findings.json", () => {
    const { stdout, status } = run("report", "maps", "--out", "again.html");
    expect([status, stdout]).toEqual([0, "report      again.html\n"]);
    expect(readFileSync(inFolder("again.html"), "utf8")).toBe(readFileSync(inFolder("maps", "report.html"), "utf8"));
  });

  test("validate prints the leak beside the figure to quote, with the counts of patients", () => {
    const args = ["--pipeline", "pipeline.yaml", "--folds", "2", "--permutations", "2", "--out", "check"];
    const { stdout, status } = run("validate", "cohort.csv", ...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/4 patients, 4 cores, 560 annotated pixels; 2 folds by patient/);
    expect(stdout).toMatch(/by patient \(95 %\) +random split \(a leak\)/);
    expect(stdout).toMatch(/labels shuffled 2 times: macro AUC 0\.\d+ \(central 95 % 0\.\d+–0\.\d+\)/);
    expect(stdout).toMatch(/is NOT better than chance: p = 0\.33 \(smallest possible 0\.33\)/);
  });

  test("progress is spoken in plain lines where there is no terminal", () => {
    const { stderr } = run("stain", "model.h5", "unseen.h5", "--out", "spoken");
    expect(stderr).toMatch(/stain unseen: 300\/300 spectra/);
  });

  test("simulate writes a cohort, and keeps what it has made when it is run again", () => {
    const args = ["simulate", "--out", "tissue", "--patients", "2", "--size", "60", "--modes", "SD", "--step", "20"];
    expect(JSON.parse(run(...args, "--json").stdout)).toMatchObject({
      origin: "simulated",
      cohort: "tissue/cohort.csv",
    });
    const made = statSync(inFolder("tissue", "P01-C1-SD.h5")).mtimeMs;
    expect(run(...args).stderr).toMatch(/2 cube\(s\) are there already/);
    expect(statSync(inFolder("tissue", "P01-C1-SD.h5")).mtimeMs).toBe(made);
  });
});

test("a reader who has seen enough is no error", () => {
  const command = `"${process.execPath}" "${main}" report maps | true; "${process.execPath}" "${main}" inspect unseen.h5 | head -c 1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
  expect([stdout.length, stderr]).toEqual([1, ""]);
});

describe("what goes wrong ends with 1 and one clear line", () => {
  test.each([
    ["a cube that is not there", ["stain", "model.h5", "nowhere.h5", "--out", "x"], /nowhere\.h5/],
    [
      "a model that is none",
      ["stain", "unseen.h5", "unseen.h5", "--out", "x"],
      /unseen\.h5 is not a model of this program/,
    ],
    ["more folds than patients", ["validate", "cohort.csv", "--out", "x", "--folds", "9"], /9 folds/],
    [
      "a pipeline that is not there",
      ["fit", "cohort.csv", "--pipeline", "p.yml", "--out", "x.h5"],
      /no pipeline "p\.yml"/,
    ],
    ["findings that are not there", ["report", "nowhere"], /findings\.json cannot be read/],
    [
      "an output whose folder is not there",
      ["fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "no/x.h5"],
      /no\/x\.h5/,
    ],
  ])("%s", (_, args, message) => {
    const { status, stdout, stderr } = run(...args, "--quiet");
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("a folder where a file should be: nothing can be written, and it says so", () => {
    mkdirSync(inFolder("taken.h5"));
    const { status, stderr } = run("fit", "cohort.csv", "--pipeline", "pipeline.yaml", "--out", "taken.h5", "--quiet");
    expect(status).toBe(1);
    expect(stderr).toMatch(/taken\.h5/);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a full disk stops the run, and no half of a map stays", (context) => {
    const disk = inFolder("disk");
    mkdirSync(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "none", disk]);
    if (mounted.status !== 0) return context.skip("a small tmpfs can be mounted by root only");
    try {
      const { status, stderr } = run("stain", "model.h5", "unseen.h5", "--out", "disk", "--quiet");
      expect(status).toBe(1);
      expect(stderr).toMatch(/full|space|written/i);
      expect(readdirSync(disk).filter((name) => /\.(stain\.h5|tmp)$/.test(name))).toEqual([]);
    } finally {
      spawnSync("umount", [disk]);
    }
  });

  test("a read-only output says so", (context) => {
    const disk = inFolder("sealed");
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "none", disk]).status !== 0) {
      return context.skip("a read-only tmpfs can be mounted by root only");
    }
    try {
      const { status, stderr } = run("stain", "model.h5", "unseen.h5", "--out", "sealed", "--quiet");
      expect(status).toBe(1);
      expect(stderr).toMatch(/read-only|cannot be written|EROFS/i);
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});

describe("a cohort run", () => {
  test("goes on after a bad cube, lists it at the end, ends with 1, and skips what is finished next time", async () => {
    writeFileSync(inFolder("broken.h5"), "no cube at all");
    await writeTissue(inFolder("short.h5"), { axis: wavenumbers.slice(10), patient: "P8" });
    writeFileSync(inFolder("new.csv"), "cube\nbroken.h5\nunseen.h5\nshort.h5\n");
    const first = run("stain", "model.h5", "new.csv", "--out", "many");
    expect(first.status).toBe(1);
    expect(first.stderr).toMatch(/failed: .*broken\.h5: .*HDF5/);
    expect(first.stderr).toMatch(
      /failed: .*short\.h5: .*covers 1132\.0–1778\.8 cm-1, the model needs 1000\.0–1778\.8 cm-1/,
    );
    expect(first.stdout).toMatch(/unseen: 20 × 15 pixels/);
    expect(readdirSync(inFolder("many")).filter((name) => /broken|short|tmp/.test(name))).toEqual([]);
    const { mtimeMs } = statSync(inFolder("many", "unseen.stain.h5"));
    const second = run("stain", "model.h5", "new.csv", "--out", "many");
    expect(second.stderr).toMatch(/unseen is finished; --again stains it anew/);
    expect(statSync(inFolder("many", "unseen.stain.h5")).mtimeMs).toBe(mtimeMs);
  });

  test("names from files are never paths or markup", async () => {
    const evil = '<img src=x onerror="alert(1)">';
    await writeTissue(inFolder("a&b <i>.h5"), { patient: evil, core: "../../up", seed: 4 });
    const { status } = run("stain", "model.h5", "a&b <i>.h5", "--out", "evil", "--quiet");
    expect(status).toBe(0);
    expect(readdirSync(inFolder("evil")).sort()).toEqual(
      [
        "a_b_i_",
        "a_b_i_.geojson",
        "a_b_i_.png",
        "a_b_i_.stain.h5",
        "a_b_i_.stain.json",
        "findings.json",
        "report.html",
        "run.json",
      ].sort(),
    );
    const page = readFileSync(inFolder("evil", "report.html"), "utf8");
    expect(page).not.toContain("<img src=x");
    expect(page).toContain("&lt;img src&#x3D;x");
    JSON.parse(readFileSync(inFolder("evil", "a_b_i_.geojson"), "utf8"));
    expect(existsSync(inFolder("up"))).toBe(false);
  });

  test("a link to a cube elsewhere is read like the cube", () => {
    symlinkSync(inFolder("unseen.h5"), inFolder("link.h5"));
    expect(run("stain", "model.h5", "link.h5", "--out", "linked", "--quiet").status).toBe(0);
  });
});
