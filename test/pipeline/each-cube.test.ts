import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { errorOfFile, faultOf, SpectraError } from "#cube/errors";
import type { Model } from "#cube/model";
import { relay } from "#pipeline/crew";
import { atATime, eachCube, oneByOne, sorted } from "#pipeline/each-cube";
import { fit as fitModel } from "#pipeline/fit";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf } from "#read/cohort";
import { freshFolder, smallPipeline, writeCohort, writeTissue } from "./tissue.js";

const itself = (file: string) => file;
const foreign = [new RangeError("Offset is outside the bounds"), new TypeError("x is undefined"), new Error("no name")];

test("whatever is thrown over one cube is told with its file, and the others go on, in their order", async () => {
  for (const run of [oneByOne, atATime(3), relay]) {
    for (const thrown of [...foreign, new SpectraError("worker", "stainRows", "a worker died twice"), "a text"]) {
      const work = async (file: string) => {
        if (file === "b.h5") throw thrown;
        return file.toUpperCase();
      };
      const remarks: string[] = [];
      const outcomes = await eachCube(["a.h5", "b.h5", "c.h5"], itself, run, work, {
        onRemark: (text) => remarks.push(text),
      });
      const { results, failures } = sorted(outcomes, itself);
      expect(results).toEqual(["A.H5", "C.H5"]);
      expect(failures).toHaveLength(1);
      expect(failures[0].file).toBe("b.h5");
      expect(failures[0].error).toContain("b.h5");
      expect(remarks).toHaveLength(1);
    }
  }
});

test("a fault of the call or of the run ends the run at once; the same kinds wherever cubes are gone through", async () => {
  const ending = Object.entries(faultOf).flatMap(([kind, whose]) => (whose === "cube" ? [] : [kind]));
  expect(ending.sort()).toEqual(["cancelled", "disk", "params", "usage"]);
  for (const kind of ending as SpectraError["kind"][]) {
    const begun: string[] = [];
    const work = async (file: string) => {
      begun.push(file);
      throw new SpectraError(kind, "place", "said");
    };
    await expect(eachCube(["a", "b"], itself, oneByOne, work)).rejects.toMatchObject({ kind, message: "said" });
    expect(begun).toEqual(["a"]);
  }
});

test("no handles and no room left are the machine's fault, whichever file is asked for", () => {
  for (const code of ["EMFILE", "ENFILE", "ENOSPC", "EDQUOT"]) {
    const error = errorOfFile("a.h5", Object.assign(new Error("open failed"), { code }));
    expect(faultOf[error.kind]).toBe("run");
    expect(error.message).toMatch(/^a\.h5 cannot be read: .*(files|disk)/);
  }
});

test("a bug of ours keeps its cause", () => {
  const error = errorOfFile("a.h5", foreign[1]);
  expect(error.message).toBe("a.h5 cannot be read: x is undefined");
  expect(error.cause).toBe(foreign[1]);
});

const folder = freshFolder("each-cube");
let model: Model;
const good = [1, 2].map((i) => join(folder, `good${i}.h5`));

beforeAll(async () => {
  ({ model } = await fitModel(await writeCohort(folder, 2), smallPipeline(), { workers: 0 }));
  for (const path of good) await writeTissue(path, { every: 0 });
});

/** Bytes to be changed, found by what stands there: the names of the root group, its heap, its tree and the header of a dataset. */
const damages: [what: string, at: (bytes: Buffer) => number, value: number[]][] = [
  ["the name of the heap", (bytes) => bytes.indexOf("HEAP"), [0]],
  ["the size of the heap", (bytes) => bytes.indexOf("HEAP") + 8, [255, 255, 255, 255]],
  ["the name of a tree", (bytes) => bytes.indexOf("TREE"), [0]],
  ["the entries of a tree", (bytes) => bytes.indexOf("TREE") + 6, [255, 127]],
  ["the entries of a group", (bytes) => bytes.indexOf("SNOD") + 6, [255, 127]],
  ["where a dataset begins", (bytes) => bytes.indexOf("SNOD") + 16, [255, 255, 1]],
];

test.each(damages)("a cohort goes on behind a cube with a wrong byte in %s", async (_, at, value) => {
  const bad = join(folder, "bad.h5");
  await writeTissue(bad, { every: 0, chunks: [5, 15, 60] });
  const bytes = readFileSync(bad);
  expect(at(bytes)).toBeGreaterThan(0);
  bytes.set(value, at(bytes));
  writeFileSync(bad, bytes);
  const out = freshFolder("maps");
  const { stains, failures } = await stainCohort(cohortOf([good[0], bad, good[1]]), model, out, { workers: 0 });
  expect(stains?.map(({ file }) => file)).toEqual(good);
  expect(failures?.map(({ file }) => file)).toEqual([bad]);
  expect(failures?.[0].error).toContain(bad);
});
