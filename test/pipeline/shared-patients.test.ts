import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bag } from "#cube/bag";
import type { Cohort } from "#cube/cohort";
import { random } from "#cube/random";
import { fit as fitModel } from "#pipeline/fit";
import { stainCohort } from "#pipeline/stain-cohort";
import { trainMil } from "#pipeline/train-mil";
import { validate } from "#pipeline/validate";
import { cohortOf } from "#read/cohort";
import { freshFolder, smallPipeline, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("shared-patients");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const small = { rows: 8 };
let cohort: Cohort;

beforeAll(async () => {
  cohort = await writeCohort(folder, 4, small);
});

/** The cohort with every cube a second time, under another patient. */
function twice(copy: (from: string, to: string) => void): Cohort {
  const more = cohort.rows.map((row, i) => {
    const path = at(`q${i + 1}.h5`);
    copy(row.path, path);
    return { ...row, path, name: `q${i + 1}`, patient: `Q${i + 1}` };
  });
  return { rows: [...cohort.rows.map((row, i) => ({ ...row, patient: `P${i + 1}` })), ...more] };
}

/** A copy in which one letter of an attribute is another: another SHA-256, the same spectra. */
function withAnotherSource(from: string, to: string): void {
  copyFileSync(from, to);
  const bytes = readFileSync(to);
  bytes.write("stripez", bytes.indexOf("stripes made by a test"));
  writeFileSync(to, bytes);
}
const pipeline = smallPipeline();
const quick = { workers: 0, folds: 2, permutations: 0 };

describe("the same cubes under two patients", () => {
  test("are refused in fit and validate by their files, and with --allow-overlap stamp every figure", async () => {
    const copied = twice(copyFileSync);
    const said = /p1\.h5 and .*q1\.h5 are the same file to the last byte, under the patients P1 and Q1, and 3 more/;
    await expect(fitModel(copied, pipeline, { workers: 0 })).rejects.toThrow(said);
    await expect(validate(copied, pipeline, quick)).rejects.toThrow(said);
    const { model } = await fitModel(copied, pipeline, { workers: 0, allowOverlap: true });
    expect(model.provenance.stamps).toEqual([expect.stringMatching(/^patients overlap: .*q1\.h5 are the same file/)]);
  });

  test("are refused by their spectra where an attribute was changed, or nothing is hashed", async () => {
    const changed = twice(withAnotherSource);
    // 8 × 15 pixels, 14 columns of them tissue, every second annotated.
    const said = /the patients P\d and Q\d share 56 spectra, equal to the last bit \(in .*p\d\.h5 and .*q\d\.h5\)/;
    await expect(fitModel(changed, pipeline, { workers: 0 })).rejects.toThrow(said);
    await expect(validate(changed, pipeline, { ...quick, hash: false })).rejects.toThrow(said);
    const few = { ...pipeline, classify: { ...pipeline.classify, pixelsPerClass: 12 } };
    // Where a few pixels are drawn they are others of each patient, yet the copy shows.
    await expect(fitModel(changed, few, { workers: 0 })).rejects.toThrow(/share \d+ spectra/);
    const { model } = await fitModel(changed, pipeline, { workers: 0, allowOverlap: true });
    expect(model.provenance.stamps).toEqual([expect.stringMatching(/^patients overlap: .*share 56 spectra/)]);
  });

  test("are refused within a table, too", async () => {
    const { normal } = random(1);
    const bands = Array.from({ length: 30 }, (_, i) => 1000 + 30 * i);
    const line = (patient: string, type: string) => [type, patient, ...bands.map(() => normal().toFixed(6))].join(",");
    const lines = ["P1", "P2", "P3"].flatMap((patient) => ["a", "b"].map((type) => line(patient, type)));
    const copy = lines[0].replace("P1", "P3");
    const header = ["class", "patient", ...bands].join(",");
    writeFileSync(at("table.csv"), [header, ...lines, copy, ""].join("\n"));
    await expect(fitModel(cohortOf([at("table.csv")]), pipeline, { workers: 0 })).rejects.toThrow(
      /the patients P1 and P3 share 1 spectrum, equal/,
    );
  });

  test("and empty or clipped spectra prove nothing, and one cube twice under one patient is only remarked", async () => {
    const spoil = (values: Float32Array) => values.fill(0, 0, 60);
    const paths = await Promise.all(
      [1, 2, 3].map((seed) => writeTissue(at(`e${seed}.h5`), { ...small, spoil, seed, patient: `E${seed}`, every: 1 })),
    );
    copyFileSync(paths[0], at("e1-again.h5"));
    const remarks: string[] = [];
    const options = { workers: 0, onRemark: (text: string) => remarks.push(text) };
    const { model } = await fitModel(cohortOf([...paths, at("e1-again.h5")]), pipeline, options);
    expect(model.provenance.stamps).toEqual([]);
    expect(remarks).toEqual([expect.stringMatching(/e1\.h5 and .*e1-again\.h5 are the same cube: patient E1/)]);
  });
});

test("a training cube that is stained under another patient's name is said to be one", async () => {
  const { model } = await fitModel(cohort, pipeline, { workers: 0 });
  copyFileSync(cohort.rows[0].path, at("unknown.h5"));
  const rows = cohortOf([at("unknown.h5")]).rows.map((row) => ({ ...row, patient: "New" }));
  const { stamps } = await stainCohort({ rows }, model, at("maps"), { workers: 0, pictures: "none" });
  expect(stamps).toEqual(["the cube of patient New is one that the model was fitted on, as P1"]);
});

describe("bags", () => {
  const wavenumbers = Float64Array.from({ length: 30 }, (_, i) => 1000 + 30 * i);
  const bagOf = (patient: string, content: string, seed: number): Bag => {
    const { normal } = random(seed);
    const spectra = Float32Array.from({ length: 4 * wavenumbers.length }, normal);
    const mix = Float32Array.from([1, 0, 1, 0, 1, 0, 1, 0]);
    return {
      name: patient,
      file: `/data/${patient}.h5`,
      cube: { content, place: patient, changed: 0, bytes: 1 },
      patient,
      label: seed % 2 ? "malignant" : "benign",
      origin: "simulated",
      geometry: "image",
      rows: 4,
      cols: 16,
      tissueFraction: 0.1,
      channels: "plain",
      modelPatients: [],
      patches: {
        count: 4,
        edge: 4,
        stride: 4,
        coords: Int32Array.from([0, 0, 4, 0, 8, 0, 12, 0]),
        features: Float32Array.from({ length: 8 }, normal),
        featureNames: ["a", "b"],
        spectra,
        wavenumbers,
        tissue: new Float32Array(4).fill(1),
        mix,
        classNames: ["cancer", "stroma"],
      },
    };
  };

  test("of one cube, or with the same spectra, under two patients are no study", async () => {
    const apart = ["A", "B", "C", "D"].map((patient, i) => bagOf(patient, patient, i));
    const ofOneCube = [...apart, bagOf("E", "A", 4)];
    await expect(trainMil(ofOneCube, at("study"), { workers: 0 })).rejects.toThrow(
      /A\.h5 and .*E\.h5 are the same file to the last byte, under the patients A and E: .*--allow-overlap/,
    );
    const alike = [...apart, { ...bagOf("E", "E", 0), patient: "E" }];
    await expect(trainMil(alike, at("study"), { workers: 0 })).rejects.toThrow(
      /the patients A and E share 4 spectra, equal to the last bit/,
    );
  });
});
