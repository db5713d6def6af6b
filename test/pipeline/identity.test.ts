import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bag } from "#cube/bag";
import type { Cohort } from "#cube/cohort";
import type { Model } from "#cube/model";
import { openHdf5 } from "#hdf5/open";
import { bagCohort } from "#pipeline/bag-cohort";
import { fit as fitModel } from "#pipeline/fit";
import { readModel, writeModel } from "#pipeline/model-file";
import { modelKey } from "#pipeline/model-key";
import { publish } from "#pipeline/publish";
import { readBags } from "#pipeline/read-bags";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf, readCohort } from "#read/cohort";
import { readStain } from "#stain/read-stain";
import { freshFolder, smallPipeline, writeCohort, writeTissue } from "./tissue.js";

const folder = freshFolder("identity");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => join(folder, ...parts);

let model: Model;
let other: Model;

/** Two patients whose cubes have one file name: A is nucleus through and through, B is mucin. */
beforeAll(async () => {
  const cohort = await writeCohort(folder, 4, { rows: 8 });
  ({ model } = await fitModel(cohort, smallPipeline(), { workers: 0 }));
  const { reduce, ...rest } = smallPipeline();
  const pipeline = { ...rest, reduce: { ...reduce, components: 4 } };
  ({ model: other } = await fitModel(cohort, pipeline, { workers: 0 }));
  for (const [name, label] of [
    ["A", 1],
    ["B", 3],
  ] as const) {
    mkdirSync(at(`core-${name}`));
    const made = { patient: name, labels: [label], seed: 20 + label, rows: 8, every: 0 };
    await writeTissue(at(`core-${name}`, "scan.h5"), made);
  }
  writeFileSync(at("forward.csv"), "cube,patient\ncore-A/scan.h5,A\ncore-B/scan.h5,B\n");
  writeFileSync(at("backward.csv"), "cube,patient\ncore-B/scan.h5,B\ncore-A/scan.h5,A\n");
}, 60_000);

const scan = (name: string) => at(`core-${name}`, "scan.h5");
const stain = (cohort: Cohort, out: string, options = {}) =>
  stainCohort(cohort, model, at(out), { workers: 0, pictures: "none", ...options });
const cut = async (cohort: Cohort, maps: string, out: string, options = {}) => {
  const how = { workers: 0, patchUm: 22, tissueFraction: 0, windowUm: 0, ...options };
  const { failures } = await bagCohort(cohort, model, at(maps), at(out), how);
  return { failures, bags: failures.length ? [] : await readBags([at(out)]) };
};
/** Share of a class among the patches of a bag. */
const shareOf = ({ patches: { mix, classNames, count } }: Bag, name: string) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += mix[i * classNames.length + classNames.indexOf(name)];
  return sum / count;
};
const mapsIn = (out: string) => readdirSync(at(out)).filter((file) => file.endsWith(".stain.h5"));
/** The patient whose map a file is, and its most frequent class. */
async function read(path: string) {
  const file = await openHdf5(path);
  const { patient } = file.attributes("/");
  file.close();
  const { classes, classNames } = await readStain(path);
  const counts = classNames.map((_, value) => classes.filter((of) => of === value).length);
  return { patient, most: classNames[counts.indexOf(Math.max(...counts.slice(1)))] };
}

describe("the key of a model", () => {
  test("is the same when the model comes back from its file, and does not know where it was learned", async () => {
    await writeModel(at("model.h5"), model);
    expect(modelKey(await readModel(at("model.h5")))).toBe(modelKey(model));
    const elsewhere = { ...model, palette: {}, provenance: { ...model.provenance, seed: 7, inputs: [] } };
    expect(modelKey(elsewhere)).toBe(modelKey(model));
  });

  test("changes with every array and number that decides what the model says", () => {
    const keys = new Set([modelKey(model)]);
    let changes = 0;
    const changed = (data: unknown, path: readonly string[] = []): void => {
      if (ArrayBuffer.isView(data)) {
        const array = data as Float64Array;
        const before = array[array.length - 1];
        array[array.length - 1] = before + 1;
        keys.add(modelKey(copy));
        array[array.length - 1] = before;
        changes++;
      } else if (typeof data === "object" && data !== null) {
        for (const [name, value] of Object.entries(data)) {
          if (typeof value !== "number") {
            changed(value, [...path, name]);
            continue;
          }
          const of = data as Record<string, number>;
          of[name] = value === Infinity ? 1 : value + 1;
          keys.add(modelKey(copy));
          of[name] = value;
          changes++;
        }
      }
    };
    const copy = { ...structuredClone(model), wavenumbers: model.wavenumbers.slice() };
    const { pipeline, wavenumbers, pca, forest, limits, labels } = copy;
    const { importances: _, outOfBagAccuracy: _1, ...trees } = forest;
    const own = { ...copy, forest: trees };
    expect(modelKey({ ...own, forest })).toBe(modelKey(model));
    changed({ wavenumbers, pca, limits, labels, steps: pipeline.steps });
    for (const name of ["roots", "feature", "threshold", "left", "leaf", "distributions"] as const)
      changed(forest[name]);
    expect(changes).toBeGreaterThan(20);
    expect(keys.size).toBe(changes + 1);
    const stainOf = (change: object) => ({
      ...model,
      pipeline: { ...model.pipeline, stain: { ...model.pipeline.stain, ...change } },
    });
    for (const change of [{ threshold: 0.9 }, { smoothing: "majority" }]) {
      expect(modelKey(stainOf(change) as Model)).not.toBe(modelKey(model));
    }
    const classNames = ["unlabelled", "collagen", "nucleus", "mucin"];
    expect(modelKey({ ...model, classNames })).not.toBe(modelKey(model));
  });
});

describe("two patients whose cubes have one file name", () => {
  test("have bags described by their own maps, whatever the order of the rows", async () => {
    await stain(await readCohort(at("forward.csv")), "maps");
    const maps = mapsIn("maps");
    expect(maps).toHaveLength(2);
    for (const name of maps) expect(name).toMatch(/^scan-[0-9a-f]{6}\.stain\.h5$/);
    const { bags, failures } = await cut(await readCohort(at("backward.csv")), "maps", "bags");
    expect(failures).toEqual([]);
    expect(bags.map(({ patient }) => patient)).toEqual(["B", "A"]);
    expect(shareOf(bags[0], "mucin")).toBeGreaterThan(0.8);
    expect(shareOf(bags[1], "nucleus")).toBeGreaterThan(0.8);
    // The same names when the rows are turned round, so nothing is stained or cut again.
    const remarks: string[] = [];
    const onRemark = (text: string) => remarks.push(text);
    await stain(await readCohort(at("backward.csv")), "maps", { onRemark });
    await cut(await readCohort(at("forward.csv")), "maps", "bags", { onRemark });
    expect(remarks.filter((text) => text.includes("is finished"))).toHaveLength(4);
    expect(mapsIn("maps")).toEqual(maps);
    // And so for one of them alone.
    const alone = await stain(cohortOf([scan("A")]), "maps", { onRemark });
    expect(mapsIn("maps")).toEqual(maps);
    expect(alone.stains![0].composition[0]).toMatchObject({ name: "nucleus" });
  });

  test("keep both their maps where they are stained one after the other into one folder", async () => {
    await stain(cohortOf([scan("A")]), "both");
    expect(mapsIn("both")).toEqual(["scan.stain.h5"]);
    await stain(cohortOf([scan("B")]), "both");
    const maps = await Promise.all(mapsIn("both").map((file) => read(at("both", file))));
    expect(maps).toHaveLength(2);
    expect(maps).toContainEqual({ patient: "A", most: "nucleus" });
    expect(maps).toContainEqual({ patient: "B", most: "mucin" });
    expect(await read(at("both", "scan.stain.h5"))).toMatchObject({ patient: "A" });
    const { bags } = await cut(await readCohort(at("forward.csv")), "both", "both-bags");
    expect(shareOf(bags[0], "nucleus")).toBeGreaterThan(0.8);
    expect(shareOf(bags[1], "mucin")).toBeGreaterThan(0.8);
  });

  test("have no bag with the map of the other, which is said with both", async () => {
    await stain(cohortOf([scan("B")]), "only-B");
    await expect(cut(cohortOf([scan("A")]), "only-B", "no-bags")).rejects.toThrow(
      /scan\.stain\.h5 is the map of .*core-B\/scan\.h5 \(patient B\), not of .*core-A\/scan\.h5/,
    );
    await expect(cut(cohortOf([scan("A")]), "only-B", "no-bags", { hash: false })).rejects.toThrow(/is the map of/);
  });
});

test("a map by another model is refused, though its classes have the same values", async () => {
  await stain(cohortOf([scan("A")]), "by-model");
  const how = { workers: 0, patchUm: 22, tissueFraction: 0, windowUm: 0 };
  await expect(bagCohort(cohortOf([scan("A")]), other, at("by-model"), at("odd"), how)).rejects.toThrow(
    new RegExp(
      `was stained with another model \\(${modelKey(model).slice(0, 12)}\\) than this one \\(${modelKey(other).slice(0, 12)}\\)`,
    ),
  );
});

test("a cube whose folder was renamed keeps its map and its bag, and one that was not hashed is not found by name", async () => {
  mkdirSync(at("before"));
  copyFileSync(scan("A"), at("before", "scan.h5"));
  await stain(cohortOf([at("before", "scan.h5")]), "moved");
  await stain(cohortOf([at("before", "scan.h5")]), "moved-unhashed", { hash: false });
  renameSync(at("before"), at("after"));
  const remarks: string[] = [];
  const moved = cohortOf([at("after", "scan.h5")]);
  const { inputs } = await stain(moved, "moved", { onRemark: (text: string) => remarks.push(text) });
  expect(remarks).toEqual([expect.stringContaining("is finished")]);
  expect(inputs[0].file).toBe(at("after", "scan.h5"));
  expect((await cut(moved, "moved", "moved-bags")).bags).toHaveLength(1);
  await expect(cut(moved, "moved-unhashed", "moved-bags-2", { hash: false })).rejects.toThrow(/is the map of/);
});

test("a map of an earlier version is refused with the way out", async () => {
  await stain(cohortOf([scan("A")]), "old");
  const path = at("old", "scan.stain.h5");
  const bytes = readFileSync(path);
  // The attribute by which the cube is known gets another name, as if it had never been written.
  for (let place = bytes.indexOf("cube_place"); place >= 0; place = bytes.indexOf("cube_place")) {
    bytes.write("cube_plaze", place);
  }
  writeFileSync(path, bytes);
  await expect(cut(cohortOf([scan("A")]), "old", "old-bags")).rejects.toThrow(
    /was made by an earlier version .*stain it anew/,
  );
});

describe("the mark of a finished cube", () => {
  const mark = (out: string) => at(out, "scan.stain.json");
  const again = async (out: string) => {
    const remarks: string[] = [];
    const found = await stain(cohortOf([scan("A")]), out, { onRemark: (text: string) => remarks.push(text) });
    return { remarks, pixels: found.stains![0].composition[0].pixels };
  };

  test("is not believed when its figures are edited: the cube is stained anew", async () => {
    const first = await stain(cohortOf([scan("A")]), "marked");
    const { pixels } = first.stains![0].composition[0];
    const text = readFileSync(mark("marked"), "utf8");
    const edited = text.replace(`"pixels":${pixels}`, '"pixels":999999');
    expect(edited).not.toBe(text);
    writeFileSync(mark("marked"), edited);
    expect(await again("marked")).toEqual({ remarks: [expect.stringContaining("stained anew")], pixels });
    expect(readFileSync(mark("marked"), "utf8")).toBe(text);
  });

  test.each([
    ["the map is another", (out: string) => copyFileSync(at("only-B", "scan.stain.h5"), at(out, "scan.stain.h5"))],
    ["a figure is missing", (out: string) => writeFileSync(mark(out), '{"key": "x", "stain": {}}')],
    ["it is cut off", (out: string) => writeFileSync(mark(out), readFileSync(mark(out)).subarray(0, 300))],
  ])("is not believed when %s", async (what, spoil) => {
    const out = `marked ${what}`;
    const first = await stain(cohortOf([scan("A")]), out);
    spoil(out);
    const { remarks, pixels } = await again(out);
    expect(pixels).toBe(first.stains![0].composition[0].pixels);
    if (what !== "the map is another") expect(remarks).toEqual([expect.stringContaining("stained anew")]);
    expect(await again(out)).toEqual({ remarks: [expect.stringContaining("is finished")], pixels });
  });
});

test("a run with the same inputs writes the same findings; when it was stands in run.json", async () => {
  const found: Buffer[] = [];
  for (const out of ["times-1", "times-1", "times-2"]) {
    const parts = await stain(cohortOf([scan("A")]), out, { again: true });
    await publish(at(out), "Digital stain", parts, { seed: 1, command: ["stain"], seconds: { "stain scan": 1.5 } });
    found.push(readFileSync(at(out, "findings.json")));
  }
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
  expect(found[0].toString()).not.toMatch(/seconds|created/);
  const log = JSON.parse(readFileSync(at("times-1", "run.json"), "utf8"));
  expect(log.seconds).toEqual({ "stain scan": 1.5 });
  expect(readFileSync(at("times-1", "report.html"), "utf8")).toContain(log.created);
  expect(existsSync(at("times-1", "scan.stain.json"))).toBe(true);
});
