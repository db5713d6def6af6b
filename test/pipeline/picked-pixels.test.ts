import { join } from "node:path";
import { expect, test } from "vitest";
import { sampleRows } from "#classify/sample";
import { withCrew } from "#pipeline/crew";
import { gatherCube } from "#pipeline/gather-cube";
import { gatherTable } from "#pipeline/table";
import { cohortOf } from "#read/cohort";
import { openCube } from "#read/open-cube";
import { freshFolder, smallPipeline, writeTissue } from "./tissue.js";

test("the pixels that labels pick are those drawn from a list of all annotated pixels", async () => {
  const folder = freshFolder("picked");
  const paths: string[] = [];
  // Every pixel of tissue is annotated; the first and the third cube are of one patient.
  for (const [i, patient] of ["P1", "P2", "P1"].entries()) {
    paths.push(await writeTissue(join(folder, `${i}.h5`), { patient, seed: i, every: 1, rows: 12, cols: 9 }));
  }
  const pipeline = { ...smallPipeline(), classify: { ...smallPipeline().classify, pixelsPerClass: 40 } };
  const seed = 7;
  const table = await withCrew({ workers: 0 }, (crew) => gatherTable(cohortOf(paths), pipeline, crew, { seed }));

  const all: { cube: number; pixel: number; truth: number; patient: number }[] = [];
  for (const [cube, path] of paths.entries()) {
    const reader = await openCube(path);
    for (const [pixel, label] of reader.labels()!.entries()) {
      if (label) all.push({ cube, pixel, truth: label - 1, patient: cube === 1 ? 1 : 0 });
    }
    reader.close();
  }
  const rows = { truth: all.map(({ truth }) => truth), patient: all.map(({ patient }) => patient) };
  const chosen = [...sampleRows({ ...rows, pixelsPerClass: 40, seed })].map((row) => all[row]);
  expect(chosen.length).toBe(3 * 40);
  const expected: number[] = [];
  const truth: number[] = [];
  for (const [cube, file] of paths.entries()) {
    const own = chosen.filter((one) => one.cube === cube);
    const pixels = Int32Array.from(own, ({ pixel }) => pixel);
    const found = await gatherCube({ file, layout: {}, steps: pipeline.steps, pixels });
    expected.push(...found.values);
    truth.push(...[...found.places].map((place) => own[place].truth));
  }
  expect([...table.values]).toEqual(expected);
  expect([...table.truth]).toEqual(truth);
});
