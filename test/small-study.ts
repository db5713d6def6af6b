import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeCohort, writeTissue } from "./pipeline/tissue.js";

export const main = resolve(import.meta.dirname, "../dist/cli/main.js");

const pipeline = `
name: quick
steps: [{ correct: quality }, { correct: baseline-two-point }, { normalise: vector }]
reduce: { components: 6, outside: 0 }
classify: { trees: 12, pixelsPerClass: 200 }
`;
const learned = ["cohort.csv", "--pipeline", "pipeline.yaml"];
const study = ["--methods", "top-k", "--folds", "2", "--repeats", "1", "--permutations", "0", "--epochs", "2"];

/** A run of each command that writes to OUT, on the cubes of `writeStudy` and what was made of them; the first word is the command. */
export const runs: Record<string, (out: string) => string[]> = {
  simulate: (out) => ["simulate", "--out", out, "--patients", "2", "--size", "40", "--step", "50", "--modes", "SD"],
  rechunk: (out) => ["rechunk", "p1.h5", "--out", `${out}.h5`],
  fit: (out) => ["fit", ...learned, "--out", `${out}.h5`],
  validate: (out) => ["validate", ...learned, "--out", out, "--folds", "2", "--permutations", "0"],
  stain: (out) => ["stain", "model.h5", "new.csv", "--out", out],
  bags: (out) => ["bags", "model.h5", "new.csv", "--stain", "maps", "--out", out, "--patch", "22"],
  "train-mil": (out) => ["train-mil", "bags", "--out", out, ...study],
  diagnose: (out) => ["diagnose", "study/mil-model.h5", "bags/n1.bag.h5", "--stain", "maps", "--out", out],
  report: (out) => ["report", "maps", "study", "--out", `${out}.html`, "--tables"],
};

/** What the runs read of each other, by the command that makes it. */
export const made = { fit: "model", stain: "maps", bags: "bags", "train-mil": "study" };

/** Four annotated cubes to learn from, and ten of five benign and five malignant patients. */
export async function writeStudy(folder: string): Promise<void> {
  const { rows } = await writeCohort(folder, 4);
  writeFileSync(join(folder, "cohort.csv"), ["cube", ...rows.map(({ path }) => path)].join("\n"));
  writeFileSync(join(folder, "pipeline.yaml"), pipeline);
  const lines: string[] = [];
  for (const i of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    await writeTissue(join(folder, `n${i}.h5`), { rows: 12, cols: 12, seed: 20 + i, patient: `N${i}`, every: 0 });
    lines.push(`n${i}.h5,N${i},${i % 2 ? "benign" : "malignant"}`);
  }
  writeFileSync(join(folder, "new.csv"), `cube,patient,label\n${lines.join("\n")}\n`);
}

/** Run the program in a folder, in a process of its own, with one thread; `node` are words for Node itself. */
export function runIn(folder: string, words: readonly string[], node: readonly string[] = [], env = {}) {
  const threads = words[0] === "report" ? [] : ["--workers", "0"];
  return spawnSync(process.execPath, [...node, main, ...words, ...threads, "--quiet"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

/** Make model.h5, maps, bags and study of the cubes of `writeStudy`. */
export function makeStudy(folder: string): void {
  for (const [name, out] of Object.entries(made)) {
    const { status, stderr } = runIn(folder, runs[name](out));
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  }
}
