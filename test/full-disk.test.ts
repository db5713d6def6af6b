import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshFolder } from "./pipeline/tissue.js";
import { makeStudy, runIn, runs, writeStudy } from "./small-study.js";

const folder = freshFolder("full-disk");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loaded before the program: a disk that takes so many bytes, or a machine that gives so many file handles, and no more. */
const seam = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const [kind, most] = process.env.FAULT.split(":");
let left = Number(most);
const fail = (code) => { throw Object.assign(new Error(code + ": refused by a test"), { code, errno: code === "ENOSPC" ? -28 : -24 }); };
const under = (path) => String(path).includes("spectrastain-") || String(path).endsWith(".h5");
const { writeSync, writeFileSync, openSync } = fs;
if (kind === "disk") {
  const take = (bytes) => { left -= bytes; if (left < 0) fail("ENOSPC"); };
  fs.writeSync = (fd, data, ...rest) => { if (fd > 2) take(typeof rest[1] === "number" ? rest[1] : data.length); return writeSync(fd, data, ...rest); };
  fs.writeFileSync = (path, data, ...rest) => { take(data.length); return writeFileSync(path, data, ...rest); };
} else {
  fs.openSync = (path, ...rest) => { if (under(path) && --left < 0) fail("EMFILE"); return openSync(path, ...rest); };
}
syncBuiltinESMExports();
`;
const run = (fault: string, words: readonly string[]) =>
  runIn(folder, words, ["--import", join(folder, "seam.mjs")], { FAULT: fault });

beforeAll(async () => {
  writeFileSync(join(folder, "seam.mjs"), seam);
  await writeStudy(folder);
  makeStudy(folder);
}, 240_000);

/** Every file that a run has left under its name or in its folder. */
const written = (out: string) =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((of) => of.startsWith(out));

/** The bytes after which the disk is full: before anything is written, in the midst, and near the end of each command. */
test.each([
  ["simulate", [10, 4000]],
  ["rechunk", [0, 5000]],
  ["fit", [0, 3000]],
  ["validate", [10, 3000]],
  ["stain", [10, 2000, 30_000]],
  ["bags", [10, 4000]],
  ["train-mil", [10, 2000, 60_000]],
  ["diagnose", [10, 4000]],
  ["report", [0, 3000]],
] as [string, number[]][])(
  "a disk that fills while %s writes is told as such, with the way out, and nothing half-written stays",
  (name, amounts) => {
    for (const most of amounts) {
      const out = `${name}-${most}`;
      const { status, stderr } = run(`disk:${most}`, runs[name](out));
      expect(status, `${most}: ${stderr}`).toBe(1);
      expect(stderr, String(most)).toMatch(
        /cannot be written: the disk is full; make room there, or name another --out/,
      );
      const left = written(out);
      expect(left.filter((file) => /spectrastain-(tmp|run)/.test(file))).toEqual([]);
      // What has its final name is whole: the same run with room for it leaves it as it is.
      const early = left.filter((file) => statSync(join(folder, file)).isFile() && !file.includes("spectrastain-"));
      const bytes = early.map((file) => readFileSync(join(folder, file)));
      expect(runIn(folder, runs[name](out)).status).toBe(0);
      for (const [i, file] of early.entries())
        expect(readFileSync(join(folder, file)).equals(bytes[i]), file).toBe(true);
    }
  },
  240_000,
);

test("a machine without file handles is told as such, whichever file is asked for", () => {
  for (const most of [0, 1, 2, 3]) {
    const { status, stderr } = run(`files:${most}`, ["stain", "model.h5", "n1.h5", "--out", "few"]);
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(
      /cannot be (read|written): this process may not open more files \(ulimit -n says how many\)/,
    );
  }
});
