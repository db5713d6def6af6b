import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "cli-diagnosis-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync("node", [main, ...args], { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The JSON that a command prints, its success taken for granted. */
function json(...args: string[]) {
  const { status, stdout, stderr } = run(...args, "--json", "--quiet");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

const small = ["--step", "15.4", "--workers", "2"];

beforeAll(() => {
  json(
    "simulate",
    "--out",
    "cores",
    "--patients",
    "6",
    "--size",
    "200",
    "--modes",
    "SD",
    "--seed",
    "7",
    "--labelled",
    "0.3",
    ...small,
  );
  json("fit", "cores/cohort.csv", "--out", "model.h5", "--workers", "2");
  const study = ["--biopsies", "20", "--patch", "80", "--patches", "9,20", "--tumour", "0.2,0.6"];
  json("simulate", "--out", "study", ...study, ...small);
  json("stain", "model.h5", "study/cohort.csv", "--out", "maps");
  json("bags", "model.h5", "study/cohort.csv", "--stain", "maps", "--out", "bags", "--patch", "80");
}, 240_000);

const quick = ["--methods", "top-k", "--repeats", "1", "--permutations", "0", "--epochs", "20", "--workers", "2"];

test("a study of biopsies says what they truly are", () => {
  const [header, ...lines] = readFileSync(join(folder, "study/truth.csv"), "utf8").trim().split("\n");
  expect(header).toBe("biopsy,patient,diagnosis,tumour_share,necrosis_share,blood_share");
  expect(lines).toHaveLength(20);
  const cohort = readFileSync(join(folder, "study/cohort.csv"), "utf8");
  expect(cohort.split("\n")[0]).toBe("cube,patient,core,slide,mode,label,split,biopsy");
});

test("bags become a study, a study a model, and a model the diagnosis of a case, with one report", () => {
  const { study } = json("train-mil", "bags", "--out", "study-out", ...quick);
  expect(study.methods[0].perFold).toHaveLength(5);
  for (const file of ["mil-model.h5", "report.html", "findings.json", "folds.csv", "predictions.csv"]) {
    expect(existsSync(join(folder, "study-out", file))).toBe(true);
  }
  const { cases } = json(
    "diagnose",
    "study-out/mil-model.h5",
    "bags/B01-SD.bag.h5",
    "--stain",
    "maps",
    "--out",
    "cases",
  );
  expect(cases).toHaveLength(1);
  const { written } = json("report", "study-out", "cases", "--out", "unified.html", "--tables");
  expect(written).toEqual([
    "unified.html",
    "unified.findings.json",
    ...["composition", "metrics", "comparison", "cases"].map((name) => join("tables", `${name}.csv`)),
  ]);
  const page = readFileSync(join(folder, "unified.html"), "utf8");
  expect(page).toContain("Case <span");
  expect(page).toContain("Performance of the diagnosis");
}, 180_000);

test("a training that is killed takes its finished networks up again, and ends with the same tables", async () => {
  json("train-mil", "bags", "--out", "whole", ...quick, "--epochs", "60");
  const child = spawn("node", [main, "train-mil", "bags", "--out", "killed", ...quick, "--epochs", "60"], {
    cwd: folder,
  });
  const ended = new Promise((done) => child.on("close", done));
  const deadline = Date.now() + 30_000;
  const folds = join(folder, "killed/folds");
  const finished = () => (existsSync(folds) ? readdirSync(folds).filter((name) => name.endsWith(".json")).length : 0);
  while (finished() < 1 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 5));
  child.kill("SIGKILL");
  await ended;
  const before = finished();
  expect(before).toBeGreaterThanOrEqual(1);
  expect(existsSync(join(folder, "killed/mil-model.h5"))).toBe(false);
  json("train-mil", "bags", "--out", "killed", ...quick, "--epochs", "60");
  for (const table of ["bag_scores.csv", "patch_scores.csv", "convergence.csv", "predictions.csv", "folds.csv"]) {
    expect(readFileSync(join(folder, "killed", table))).toEqual(readFileSync(join(folder, "whole", table)));
  }
  expect(readdirSync(folds).some((name) => name.endsWith(".tmp"))).toBe(false);
}, 240_000);

describe("an error names what is wrong and the way out, with its exit code:", () => {
  test.each([
    [["bags", "model.h5", "study/cohort.csv", "--out", "x"], 2, "--stain FOLDER"],
    [
      ["bags", "model.h5", "study/cohort.csv", "--stain", "maps", "--out", "x", "--patch", "9000"],
      1,
      "ask for smaller patches with --patch",
    ],
    [["bags", "model.h5", "study/cohort.csv", "--stain", "cores", "--out", "x"], 1, "has no stain map"],
    [
      ["bags", "model.h5", "study/cohort.csv", "--stain", "maps", "--out", "x", "--onnx", "net.onnx"],
      2,
      "say their edge with --pixels",
    ],
    [["train-mil", "maps", "--out", "x"], 1, "has no bags.csv"],
    [["train-mil", "model.h5", "--out", "x"], 1, "is not a bag of patches"],
    [["train-mil", "bags", "--out", "x", "--methods", "guess"], 2, "name one or several of top-k"],
    [["train-mil", "bags", "--out", "x", "--encoder", "cnn"], 1, "--pixels 32"],
    [["train-mil", "bags", "--out", "x", "--folds", "12"], 1, "folds at the most"],
    [["train-mil", "bags", "--out", "x", "--backend", "node"], 1, "the backend node does not load"],
    [["train-mil", "bags", "--out", "x", "--positive", "atypical"], 1, 'no bag is "atypical"'],
    [["diagnose", "model.h5", "bags", "--out", "x"], 1, "is not a diagnosis model"],
    [["report", "bags"], 1, "cannot be read"],
  ])("%j", (args, status, message) => {
    const found = run(...(args as string[]), "--quiet");
    expect(found.stderr).toContain(message);
    expect(found.status).toBe(status);
    expect(found.stderr).not.toContain("    at ");
  });
});

test("names that look like markup or paths stay text in every file", () => {
  const canary = "<script>Jane Canary</script>";
  const rows = readFileSync(join(folder, "study/cohort.csv"), "utf8").trim().split("\n");
  const patient = rows[1].split(",")[1];
  const renamed = rows.map((row) =>
    row.split(",")[1] === patient ? row.replace(`,${patient},`, `,"${canary}",`) : row,
  );
  writeFileSync(join(folder, "study/canary.csv"), `${renamed.join("\n")}\n`);
  json("bags", "model.h5", "study/canary.csv", "--stain", "maps", "--out", "canary", "--patch", "80", "--windows", "0");
  json("train-mil", "canary", "--out", "canary-out", ...quick, "--epochs", "5");
  json("diagnose", "canary-out/mil-model.h5", "canary/B01-SD.bag.h5", "--out", "canary-cases");
  for (const file of ["canary-out/report.html", "canary-cases/report.html"]) {
    expect(readFileSync(join(folder, file), "utf8")).not.toContain("<script>Jane");
  }
}, 180_000);

test("doctor says which backend computes and why", () => {
  const found = JSON.parse(run("doctor", "--json").stdout);
  expect(found.backend.name).toBe("wasm");
  expect(found.backend.why).toContain("node-gpu is not installed");
  // Sums of 16 products in float32, squared once more in the gradient.
  expect(found.backend.largestError).toBeLessThan(1e-4);
  const cpu = run("doctor", "--backend", "cpu");
  expect(cpu.stdout).toContain("cpu: plain JavaScript, slow");
  expect(cpu.stderr).toBe("");
});

test.each(["bags", "train-mil", "diagnose", "report", "doctor"])("%s --help teaches by an example", (command) => {
  const { status, stdout } = run(command, "--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/Examples?:/);
});
