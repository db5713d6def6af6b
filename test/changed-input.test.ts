import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshFolder } from "./pipeline/tissue.js";
import { makeStudy, runIn, runs, writeStudy } from "./small-study.js";

const folder = freshFolder("changed-input");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loaded before the program: the file NAME is replaced by a copy of itself when it is opened the AT-th time, by whichever thread. */
const seam = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { openSync } = fs;
const { NAME, AT, COUNT } = process.env;
fs.openSync = (path, ...rest) => {
  const fd = openSync(path, ...rest);
  if (!String(path).endsWith(NAME)) return fd;
  fs.appendFileSync(COUNT, "x");
  if (fs.statSync(COUNT).size === Number(AT)) {
    fs.copyFileSync(path, path + ".new");
    fs.renameSync(path + ".new", path);
  }
  return fd;
};
syncBuiltinESMExports();
`;

/** Run a command, the file replaced at one of its openings; how often it was opened stands in a file. */
function run(words: string[], name: string, at: number) {
  writeFileSync(join(folder, "count"), "");
  return runIn(folder, words, ["--import", join(folder, "seam.mjs")], { NAME: name, AT: at, COUNT: "count" });
}

beforeAll(async () => {
  writeFileSync(join(folder, "seam.mjs"), seam);
  await writeStudy(folder);
  makeStudy(folder);
}, 240_000);

test.each([
  ["fit", "p1.h5"],
  ["validate", "p2.h5"],
  ["rechunk", "p1.h5"],
  ["stain", "n1.h5"],
  ["bags", "n1.h5"],
  ["bags", "maps/n1.stain.h5"],
  ["train-mil", "bags/n1.bag.h5"],
  ["diagnose", "bags/n1.bag.h5"],
])(
  "%s notices that %s is replaced while it reads it",
  (name, file) => {
    const out = `${name}-${basename(file)}`;
    const left = run(runs[name](`${out}-left`), file, 0);
    expect(left.status, left.stderr).toBe(0);
    const last = readFileSync(join(folder, "count")).length;
    expect(last).toBeGreaterThan(0);
    const { status, stderr } = run(runs[name](`${out}-changed`), file, last);
    expect(stderr).toContain(`${file} was changed while it was read; run again when it is complete`);
    expect(status).toBe(1);
  },
  240_000,
);
