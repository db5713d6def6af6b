import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Cohort } from "#cube/cohort";
import type { Model } from "#cube/model";
import { random } from "#cube/random";
import { createHdf5 } from "#hdf5/create";
import { openHdf5 } from "#hdf5/open";
import { fit as fitModel } from "#pipeline/fit";
import { readModel, writeModel } from "#pipeline/model-file";
import type { ProgressEvent } from "#pipeline/progress";
import { stainCohort } from "#pipeline/stain-cohort";
import { validate } from "#pipeline/validate";
import { cohortOf } from "#read/cohort";
import { readStain } from "#stain/read-stain";
import { classNames, freshFolder, smallPipeline, wavenumbers, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("study");
const pipeline = smallPipeline();
let cohort: Cohort;
let model: Model;
const unseen = join(folder, "unseen.h5");

const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

beforeAll(async () => {
  cohort = await writeCohort(folder, 6);
  await writeTissue(unseen, { rows: 41, cols: 17, patient: "P9", seed: 9, chunks: [4, 17, 60] });
  ({ model } = await fitModel(cohort, pipeline, { seed: 3, workers: 0 }));
});

/** The forest and the components, as one string. */
const fingerprint = ({ pca, forest, limits }: Model) =>
  JSON.stringify([limits, [...pca.loadings], [...forest.threshold], [...forest.distributions]]);

describe("fit", () => {
  test("knows its classes, its patients and how many pixels it learned from", () => {
    expect(model.classNames).toEqual(["unlabelled", "nucleus", "collagen", "mucin"]);
    expect([...model.labels]).toEqual([1, 2, 3]);
    expect(model.provenance.patients).toBe(6);
    expect(model.provenance.pixelsPerClass).toEqual([200, 200, 200]);
    expect(model.provenance.inputs[0].sha256).toBe(hashOf(cohort.rows[0].path));
    expect(model.forest.outOfBagAccuracy).toBeGreaterThan(0.9);
  });

  test("gives the same model for any number of workers, and another one for another seed", async () => {
    const [one, two] = [1, 2].map((workers) => fitModel(cohort, pipeline, { seed: 3, workers }));
    expect(fingerprint((await one).model)).toBe(fingerprint(model));
    expect(fingerprint((await two).model)).toBe(fingerprint(model));
    expect(fingerprint((await fitModel(cohort, pipeline, { seed: 4, workers: 0 })).model)).not.toBe(fingerprint(model));
  });

  test("leaves rows with split test out", async () => {
    const rows = cohort.rows.map((row, i) => (i > 3 ? { ...row, split: "test" } : row));
    const { model: fewer } = await fitModel({ ...cohort, rows }, pipeline, { workers: 0 });
    expect(fewer.provenance.patients).toBe(4);
  });

  test("is the same after a trip through a file, to the bit", async () => {
    const path = join(folder, "model.h5");
    await writeModel(path, model);
    const again = await readModel(path);
    expect(again.pipeline).toEqual(model.pipeline);
    expect(again).toEqual(model);
  });

  test("a file that is no model is refused by name", async () => {
    await expect(readModel(unseen)).rejects.toThrow(/unseen\.h5 is not a model of this program/);
  });

  test("one class only is refused, and so is a cube without labels", async () => {
    const single = await writeTissue(join(folder, "single.h5"), { labels: [2] });
    await expect(fitModel(cohortOf([single]), pipeline, { workers: 0 })).rejects.toThrow(
      /annotated with 1 class\(es\) \("collagen"\); a classifier needs at least 2/,
    );
    const bare = await writeTissue(join(folder, "bare.h5"), { every: 0 });
    await expect(fitModel(cohortOf([bare]), pipeline, { workers: 0 })).rejects.toThrow(/bare\.h5 has no \/labels/);
  });

  test("a class of which no pixel passes the quality step is refused by name", async () => {
    const spoiled = await writeTissue(join(folder, "spoiled.h5"), {
      spoil: (values) => {
        // The first third of the columns is the first class.
        for (let pixel = 0; pixel < 300; pixel++) if (pixel % 15 < 5) values.fill(9, pixel * 60, pixel * 60 + 60);
      },
    });
    await expect(fitModel(cohortOf([spoiled]), pipeline, { workers: 0 })).rejects.toThrow(
      /no annotated pixel of class "nucleus" came through the quality step/,
    );
  });
});

describe("stain", () => {
  const stained = (name: string, options = {}) =>
    stainCohort(cohortOf([unseen]), model, join(folder, name), { workers: 0, hash: false, ...options });

  test("gives the same bytes for 0, 1 and 2 workers", async () => {
    const hashes: string[] = [];
    for (const workers of [0, 1, 2]) {
      await stained(`workers-${workers}`, { workers });
      hashes.push(hashOf(join(folder, `workers-${workers}`, "unseen.stain.h5")));
    }
    expect(new Set(hashes).size).toBe(1);
  });

  test("gives the same map whatever the chunks and so the blocks of the file", async () => {
    const hashes = new Set<string>();
    const cuts = new Set<string>();
    for (const chunks of [undefined, [1, 17, 60], [1100, 17, 60], [1700, 17, 60]] as const) {
      const path = join(folder, "tall.h5");
      await writeTissue(path, {
        rows: 5000,
        cols: 17,
        patient: "P9",
        seed: 9,
        every: 50,
        chunks: chunks && [...chunks],
      });
      const ends: number[] = [];
      const onProgress = ({ done }: ProgressEvent) => ends.push(done);
      const options = { workers: 0, hash: false, pictures: "none", memory: 150e6, onProgress } as const;
      await stainCohort(cohortOf([path]), model, join(folder, "chunks"), options);
      cuts.add(ends.join());
      // The file also says which cube it is of, and every one of these is another file.
      const { classes, probabilities, rejected } = await readStain(join(folder, "chunks", "tall.stain.h5"));
      const hash = createHash("sha256");
      for (const plane of [classes, probabilities, rejected]) hash.update(plane);
      hashes.add(hash.digest("hex"));
    }
    // The blocks were not the same, or this would show nothing.
    expect(cuts.size).toBeGreaterThan(2);
    expect(hashes.size).toBe(1);
  });

  test("finds the stripes, rejects the bare slide with its reason, and scores itself against the labels", async () => {
    const { stains } = await stained("stripes");
    const [stain] = stains!;
    const { classes, rejected } = await readStain(join(folder, "stripes", "unseen.stain.h5"));
    for (let row = 0; row < 41; row++) expect(classes[row * 17 + 16]).toBe(0);
    expect(stain.rejected["no tissue"]).toBeGreaterThanOrEqual(41);
    expect(rejected.filter((code) => code === 0).length).toBe(stain.rejected.kept);
    expect(stain.scores!.accuracy).toBeGreaterThan(0.95);
    expect(Math.min(...(Object.values(stain.scores!.auc) as number[]))).toBeGreaterThan(0.98);
    expect(stain.composition.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(41 * 17);
  });

  test("writes the map, the figure, the polygons and the pictures that the findings name", async () => {
    const { stains } = await stained("stripes");
    const files = readdirSync(join(folder, "stripes"));
    expect(files).toEqual(expect.arrayContaining(["unseen.stain.h5", "unseen.png", "unseen.geojson", "unseen"]));
    for (const picture of Object.values(stains![0].pictures)) {
      expect(existsSync(join(folder, "stripes", picture)), picture).toBe(true);
    }
    expect(files.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder, "stripes", "unseen.geojson"), "utf8")).features.length).toBe(3);
    const file = await openHdf5(join(folder, "stripes", "unseen.stain.h5"));
    expect(file.attributes("/classes").class_names).toEqual(["unclassified", "nucleus", "collagen", "mucin"]);
    file.close();
  });

  test("polygons and composition count the same pixels; a limit leaves regions out and says so everywhere", async () => {
    const polygonsOf = async (minimumRegion: number) => {
      const remarks: string[] = [];
      const onRemark = (text: string) => remarks.push(text);
      const { stains } = await stained("regions", { minimumRegion, onRemark });
      const file = JSON.parse(readFileSync(join(folder, "regions", "unseen.geojson"), "utf8"));
      const drawn = file.features.map((one: { properties: { measurements: { pixels: number } } }) => one.properties);
      const pixels = drawn.reduce(
        (sum: number, one: { measurements: { pixels: number } }) => sum + one.measurements.pixels,
        0,
      );
      const classes = stains![0].composition.slice(0, 3).reduce((sum, row) => sum + row.pixels, 0);
      return { polygons: stains![0].polygons!, leftOut: file.left_out, pixels, classes, remarks };
    };
    const all = await polygonsOf(0);
    expect(all.pixels).toBe(all.classes);
    expect(all.polygons.leftOut).toEqual({ regions: 0, pixels: 0 });
    expect(all.remarks.filter((text) => text.includes("geojson"))).toEqual([]);
    // Another limit is another file: the finished one is not taken for it.
    const few = await polygonsOf(41 * 17);
    expect(few.polygons).toEqual({
      regions: 0,
      minimumPixels: 41 * 17,
      leftOut: { regions: all.polygons.regions, pixels: all.classes },
    });
    expect(few.leftOut).toMatchObject({ smaller_than_pixels: 41 * 17, ...few.polygons.leftOut });
    expect(few.remarks).toContain(
      `unseen.geojson leaves out ${all.polygons.regions} regions of fewer than 697 pixels, ${all.classes} pixels in all`,
    );
  });

  test("keeps what an earlier run has finished, unless the file or the model has changed", async () => {
    const out = join(folder, "resume");
    await stained("resume");
    const map = join(out, "unseen.stain.h5");
    utimesSync(map, 1, 1);
    await stained("resume");
    expect(hashOf(map)).toBe(hashOf(join(folder, "stripes", "unseen.stain.h5")));
    const { mtimeMs } = await import("node:fs").then(({ statSync }) => statSync(map));
    expect(mtimeMs).toBe(1000);
    await stained("resume", { threshold: 0.9 });
    const { statSync } = await import("node:fs");
    expect(statSync(map).mtimeMs).toBeGreaterThan(1000);
  });

  test("goes on after a bad cube, lists it, and does not leave half of it", async () => {
    const broken = join(folder, "broken.h5");
    writeFileSync(broken, readFileSync(unseen).subarray(0, 30_000));
    const rows = cohortOf([broken, unseen, join(folder, "nowhere.h5")]);
    const { inputs, stains, failures } = await stainCohort(rows, model, join(folder, "some"), {
      workers: 2,
      hash: false,
    });
    expect(stains!.map(({ name }) => name)).toEqual(["unseen"]);
    expect(inputs!.map(({ labelledPixels }) => labelledPixels)).toEqual([stains![0].scores!.labelledPixels]);
    expect(failures!.map(({ file }) => file)).toEqual([broken, join(folder, "nowhere.h5")]);
    expect(readdirSync(join(folder, "some")).filter((name) => /broken|nowhere|tmp/.test(name))).toEqual([]);
  });

  test("a patient that the model was fitted on is stamped on every figure", async () => {
    const known = cohortOf([cohort.rows[2].path]);
    const { stamps } = await stainCohort(known, model, join(folder, "known"), { workers: 0, hash: false });
    expect(stamps).toEqual(["patient P3 is among the patients that the model was fitted on"]);
    rmSync(join(folder, "known"), { recursive: true });
  });

  test.each([0, 1])("stops when told to after %d blocks, and leaves no half of a map under its name", async (after) => {
    const controller = new AbortController();
    const out = join(folder, `stopped${after}`);
    const run = stained(`stopped${after}`, {
      workers: 2,
      signal: controller.signal,
      onProgress: ({ done }: { done: number }) => done >= after && controller.abort(new Error("stopped")),
    });
    await expect(run).rejects.toThrow(/stopped/);
    // What is done already is kept for the next run, under a name that nobody takes for a map.
    expect(readdirSync(out).filter((name) => !/^\.unseen\..*\.spectrastain-part$/.test(name))).toEqual([]);
  });
});

describe("a cube that cannot be read", () => {
  const notACube = () => {
    const path = join(folder, "text.h5");
    writeFileSync(path, "these are no spectra");
    return cohortOf([cohort.rows[0].path, path]);
  };

  test("stops a fit and a validation, which name the file and say how to go on without it", async () => {
    const named = notACube();
    for (const run of [fitModel, validate]) {
      const refused = expect(run(named, pipeline, { workers: 0, missingPatients: "stamp" })).rejects;
      await refused.toThrow(/text\.h5 is not an HDF5 file\. Every cube is needed: .* without it, do not name it$/);
    }
    const listed = { ...named, path: join(folder, "cohort.csv") };
    await expect(fitModel(listed, pipeline, { workers: 0 })).rejects.toThrow(
      /without it, take its row out of .*cohort\.csv, or give it the split "test"$/,
    );
  });

  test("may show only when its spectra are read, by a worker", async () => {
    const path = join(folder, "damaged.h5");
    const noise = random(4);
    await createHdf5(path, (file) => {
      const values = Float32Array.from({ length: 300 * 60 }, () => 0.3 + 0.1 * noise.uniform());
      file.put("/cube", values, { shape: [20, 15, 60], gzip: 1 });
      file.put("/wavenumbers", wavenumbers);
      const labels = Uint8Array.from({ length: 300 }, (_, pixel) => 1 + (pixel % 3));
      file.put("/labels", labels, { shape: [20, 15], attributes: { class_names: [...classNames] } });
    });
    const whole = readFileSync(path);
    const middle = whole.length >> 1;
    // Most of the file is the one chunk of the cube: its middle is deflated spectra.
    writeFileSync(path, whole.fill(0x77, middle, middle + 4000));
    const rows = cohortOf([cohort.rows[0].path, path]);
    await expect(fitModel(rows, pipeline, { workers: 1 })).rejects.toThrow(
      /damaged\.h5.* the file is damaged or incomplete\. Every cube is needed/,
    );
  });

  test("stops nothing where its row is for testing", async () => {
    const rows = [...cohort.rows, { ...notACube().rows[1], split: "test" }];
    const { model: same } = await fitModel({ ...cohort, rows }, pipeline, { seed: 3, workers: 0 });
    expect(fingerprint(same)).toBe(fingerprint(model));
  });
});

describe("validate", () => {
  test("holds patients out, sets the leak and the null beside it, and counts what the figures rest on", async () => {
    const { findings } = await validate(cohort, pipeline, { workers: 2, folds: 3, permutations: 5, seed: 2 });
    const { byPatient, randomSplit, permutation, confusion } = findings.validation!;
    expect(byPatient.counts).toEqual({ pixels: 600, cores: 6, patients: 6 });
    expect(byPatient.macroAuc.value).toBeGreaterThan(0.9);
    expect(byPatient.macroAuc.interval).toBeDefined();
    expect(randomSplit!.macroAuc.value).toBeGreaterThan(0.9);
    expect(permutation!.mean).toBeGreaterThan(0.2);
    expect(permutation!.mean).toBeLessThan(0.8);
    expect(confusion.pixels.flat().reduce((sum, n) => sum + n, 0)).toBe(600);
    expect(confusion.patients.flat().reduce((sum, n) => sum + n, 0)).toBe(18);
  });

  test("gives the same figures for any number of workers", async () => {
    const options = { folds: 2, permutations: 1, seed: 5, learningCurve: true };
    const [none, two] = await Promise.all(
      [0, 2].map((workers) => validate(cohort, pipeline, { ...options, workers, hash: false })),
    );
    expect(two.findings.validation).toEqual(none.findings.validation);
    expect(none.findings.validation!.learningCurve!.map(({ patients }) => patients)).toEqual([2, 3]);
  });

  test("refuses cubes without a patient, or stamps every figure when told to go on", async () => {
    const nameless: string[] = [];
    for (const seed of [1, 2, 3]) nameless.push(await writeTissue(join(folder, `nameless-${seed}.h5`), { seed }));
    await expect(validate(cohortOf(nameless), pipeline, { workers: 0 })).rejects.toThrow(
      /nameless-1\.h5 has no patient: give the cohort file a patient column/,
    );
    const { findings } = await validate(cohortOf(nameless), pipeline, {
      workers: 0,
      folds: 3,
      permutations: 0,
      missingPatients: "stamp",
    });
    expect(findings.stamps).toEqual(["patients unknown: cubes stand in for patients"]);
  });

  test("a class that one patient has is not scored, and the figure says why", async () => {
    const paths = cohort.rows.slice(0, 3).map(({ path }) => path);
    const few: string[] = [];
    for (const [i, patient] of ["P7", "P8"].entries()) {
      few.push(await writeTissue(join(folder, `${patient}.h5`), { patient, labels: [1, 2], seed: 7 + i }));
    }
    const rows = cohortOf([paths[0], ...few]);
    const remarks: string[] = [];
    const { findings } = await validate(rows, pipeline, {
      workers: 0,
      folds: 3,
      permutations: 0,
      onRemark: (text) => remarks.push(text),
    });
    const { auc } = findings.validation!.byPatient;
    expect(auc[2].value).toBeNull();
    expect(auc[2].reason).toMatch(/"mucin" could not be tested/);
    expect(auc[0].value).toBeGreaterThan(0.5);
    expect(remarks.join()).toMatch(/"mucin" is in 1 patient/);
  });
});
