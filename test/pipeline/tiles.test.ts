import { expect, test } from "vitest";
import { fit as fitModel } from "#pipeline/fit";
import { stainRows } from "#pipeline/stain-rows";
import { freshFolder, smallPipeline, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("tiles");

test("tiles of any size, and rows of any number, give the bytes of one block", async () => {
  const { model } = await fitModel(await writeCohort(folder, 2), smallPipeline(), { workers: 0 });
  const file = await writeTissue(`${folder}/new.h5`, { rows: 40, cols: 15, patient: "P9", seed: 9 });
  const job = { cubeKey: "a", modelKey: "a", model, steps: model.pipeline.steps, file, layout: {}, thin: 2 };
  const whole = await stainRows({ ...job, row: 0, rows: 40, tile: { rows: 40, cols: 15 } });
  for (const tile of [
    { rows: 1, cols: 1 },
    { rows: 7, cols: 4 },
    { rows: 40, cols: 2 },
    { rows: 3, cols: 15 },
  ]) {
    expect(await stainRows({ ...job, row: 0, rows: 40, tile }), `${tile.rows} × ${tile.cols}`).toEqual(whole);
  }
  // Packed for the file: a strip of 16 rows, the same 16 rows of tiles.
  const packing = { probabilities: "uint8", drawn: 2, traced: true } as const;
  const strip = await stainRows({ ...job, row: 16, rows: 16, tile: { rows: 16, cols: 15 }, packing });
  expect(await stainRows({ ...job, row: 16, rows: 16, tile: { rows: 5, cols: 4 }, packing })).toEqual(strip);
});
