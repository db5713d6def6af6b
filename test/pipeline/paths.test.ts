import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Findings } from "#cube/findings";
import { fullPath, relativePath } from "#cube/relative-path";
import { fit as fitModel } from "#pipeline/fit";
import { publish } from "#pipeline/publish";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf } from "#read/cohort";
import { readPaths, writtenPaths } from "#report/finding-paths";
import { mergeFindings } from "#report/merge-findings";
import { readFindings } from "#report/read-findings";
import { freshFolder, smallPipeline, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("paths");
const maps = join(folder, "out", "maps");
const command = ["stain", join(folder, "model.h5"), "new.csv", `--out=${maps}`];
let found: Findings;

beforeAll(async () => {
  const { model } = await fitModel(await writeCohort(folder, 2), smallPipeline(), { workers: 0 });
  const cube = await writeTissue(join(folder, "cube.h5"), { patient: "P9", seed: 9 });
  writeFileSync(join(folder, "broken.h5"), "no cube");
  const parts = await stainCohort(cohortOf([cube, join(folder, "broken.h5")]), model, maps, { workers: 0 });
  found = await publish(maps, "Digital stain", parts, { seed: 1, command });
});

test("no file of a stain tells where its reader lives, neither map nor mark, findings, report or polygons", () => {
  const files = readdirSync(maps, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(maps, name)).isFile(),
  );
  expect(files).toEqual(
    expect.arrayContaining(["cube.stain.h5", "cube.stain.json", "cube.geojson", "findings.json", "report.html"]),
  );
  for (const name of files) expect(readFileSync(join(maps, name)).includes(folder), name).toBe(false);
});

test("findings name cubes as their folder sees them, in errors and in the command, too", async () => {
  const written = await readFindings(join(maps, "findings.json"));
  expect(written.inputs.map(({ file }) => file)).toEqual(["../../cube.h5"]);
  expect(written.stains?.[0].file).toBe("../../cube.h5");
  expect(written.failures?.[0].file).toBe("../../broken.h5");
  expect(written.failures?.[0].error).toContain("../../broken.h5");
  expect(written.command).toBe("spectrastain stain ../../model.h5 new.csv --out=.");
  for (const { file } of written.inputs) expect(existsSync(resolve(maps, file))).toBe(true);
  // Who called gets them as they are found from here.
  expect(found.inputs[0].file).toBe(join(folder, "cube.h5"));
});

test("what was written is read back, from any folder, and two runs that know a cube by other paths know it as one", async () => {
  const read = readPaths(await readFindings(join(maps, "findings.json")), maps);
  expect(read.inputs[0].file).toBe(join(folder, "cube.h5"));
  const elsewhere = readPaths(
    writtenPaths(read, join(folder, "far", "away", "report")),
    join(folder, "far", "away", "report"),
  );
  expect(elsewhere.inputs).toEqual(read.inputs);
  const runs = [read, elsewhere].map((findings) => ({ findings, pictures: () => undefined }));
  expect(mergeFindings(runs).findings.inputs.map(({ file }) => file)).toEqual([join(folder, "cube.h5")]);
});

test("--paths absolute keeps them", async () => {
  const { inputs, command: said, failures } = writtenPaths(found, maps, "absolute");
  expect([inputs[0].file, failures?.[0].file]).toEqual([join(folder, "cube.h5"), join(folder, "broken.h5")]);
  expect(said).toBe(found.command);
});

test("a finished cube is found again whatever folder the command is given in", async () => {
  const before = process.cwd();
  const { model } = await fitModel(cohortOf([join(folder, "p1.h5"), join(folder, "p2.h5")]), smallPipeline(), {
    workers: 0,
  });
  const remarks: string[] = [];
  process.chdir(folder);
  try {
    const here = cohortOf(["cube.h5"]);
    await stainCohort(here, model, relative(folder, maps), { workers: 0, onRemark: (text) => remarks.push(text) });
  } finally {
    process.chdir(before);
  }
  expect(remarks.join("\n")).toMatch(/cube is finished/);
});

test("a path and its folder give the path again", () => {
  for (const [at, file, as] of [
    ["/a/b", "/a/c.h5", "../c.h5"],
    ["/a/b", "/a/b/c d.h5", "c d.h5"],
    ["/a", "/a", "."],
    ["/", "/x/y", "x/y"],
  ]) {
    expect(relativePath(at, file)).toBe(as);
    expect(fullPath(at, as)).toBe(file);
  }
  expect(fullPath("/a", "/b/c")).toBe("/b/c");
});
