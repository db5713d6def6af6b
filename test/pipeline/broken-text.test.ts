import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFolds } from "#classify/fold-file";
import { SpectraError } from "#cube/errors";
import { readBag } from "#diagnose/bag-file";
import { createHdf5 } from "#hdf5/create";
import { definePipeline } from "#pipeline/define";
import { readMilModel } from "#pipeline/mil-file";
import { readModel } from "#pipeline/model-file";
import { readBags } from "#pipeline/read-bags";
import { readAssignments, readBandTable, readRecipes } from "#simulate/band-tables";
import { freshFolder } from "./tissue.js";

const folder = freshFolder("broken");
let count = 0;
const written = (text: string, ending: string) => {
  const path = join(folder, `${count++}.${ending}`);
  writeFileSync(path, text);
  return path;
};

test("a model, a diagnosis model and a bag whose JSON is broken are named", async () => {
  for (const [format, read] of [
    ["spectrastain/model/1", readModel],
    ["spectrastain/mil/1", readMilModel],
    ["spectrastain/bag/1", readBag],
  ] as const) {
    const path = join(folder, `${count++}.h5`);
    await createHdf5(path, (file) => {
      file.attributes("/", { format });
      file.put("/about", '{"name": "cut off');
    });
    const error = await read(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SpectraError);
    expect((error as SpectraError).message).toMatch(/\.h5 is a damaged (model|bag): its \/about is not JSON/);
    expect((error as SpectraError).message).toContain(path);
  }
});

describe("the tables of bands, recipes and assignments", () => {
  const spectra = resolve(import.meta.dirname, "../../spectra");
  const shipped = (name: string) => readFileSync(join(spectra, `${name}.json`), "utf8");

  test.each([
    ["a band without a width", '"fwhm": 0'],
    ["a height that is a text", '"height": "1"'],
    ["a position below zero", '"position": -1'],
    ["a band without a place", '"place": 1655'],
  ])("%s is refused, with the file and the band", (_, wrong) => {
    const key = /"(\w+)"/.exec(wrong)![1].replace("place", "position");
    const text = shipped("protein").replace(new RegExp(`("bands"[\\s\\S]*?)"${key}": [\\d.]+`), `$1${wrong}`);
    expect(() => readBandTable(written(text, "json"))).toThrow(/\.json: bands\.0\.\w+:/);
  });

  test("a recipe of an unknown substance, or of less than none of it, is refused", () => {
    const recipes = (change: (text: string) => string) => () =>
      readRecipes(written(change(shipped("class-recipes")), "json"));
    expect(recipes((text) => text.replace('"protein"', '"protien"'))).toThrow(
      /classes\.cancer\.weights: substances are/,
    );
    expect(recipes((text) => text.replace(/"protein": [^,]+?,\n/, '"protein": [2, -1],\n'))).toThrow(
      /classes\.cancer\.weights/,
    );
    expect(recipes((text) => text.replace('"label": 1', '"label": 0'))).toThrow(/classes\.cancer\.label/);
    expect(() => readAssignments(written('{"assignments": [{"wavenumber": "1655"}]}', "json"))).toThrow(
      /assignments\.0\.wavenumber/,
    );
    expect(() => readAssignments(written("{", "json"))).toThrow(/\.json is not JSON/);
    expect(() => readAssignments(join(folder, "none.json"))).toThrow(/none\.json cannot be read/);
  });

  test("whatever letter is changed, the table is read or refused by name", () => {
    const text = shipped("protein");
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("0", "-", "x", '"', "{", "]", " "), (at, sign) => {
        const path = written(text.slice(0, at) + sign + text.slice(at + 1), "json");
        try {
          for (const { position, fwhm, height } of readBandTable(path).bands) {
            expect(position > 0 && fwhm > 0 && Number.isFinite(height)).toBe(true);
          }
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SpectraError);
          expect((thrown as Error).message).toContain(path);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("a step that is no step is told by its number", () => {
  for (const step of ["quality", 3, null, true, [], { remove: "x" }]) {
    expect(() => definePipeline({ name: "x", steps: [{ correct: "quality" }, step] }, "p.yaml")).toThrow(
      /^p\.yaml, step 2 is /,
    );
  }
});

test("folds with numbers that nobody means are refused", () => {
  const parse = (text: string) => () => parseFolds(text, ["A", "B"], "folds.csv");
  expect(parse("repeat,fold,patient\n101,1,A\n101,2,B\n\n")()).toHaveLength(1);
  expect(parse("repeat,fold,patient\n,1,A\n,2,B\n")).toThrow(/the repeat "" is not a whole number/);
  expect(parse("repeat,fold,patient\n1e2,1,A\n")).toThrow(/the repeat "1e2"/);
  expect(parse("repeat,fold,patient\n1,0x1,A\n")).toThrow(/the fold "0x1"/);
  expect(parse("repeat,fold,patient\n1,999999999,A\n")).toThrow(/more than there are patients/);
  expect(parse("repeat,fold,fold,patient\n1,1,1,A\n")).toThrow(/two columns "fold"/);
  expect(parse("repeat,fold,patient\n1,1,A\u0000\n")).toThrow(/NUL byte/);
  expect(parse("repeat,fold,patient\n1\n")).toThrow(/the fold "" is not/);
});

test("a bags.csv that is no text, or names no bag in a line, is told with its line", async () => {
  await expect(readBags([written("bag\na\u0000.h5\n", "csv")])).rejects.toThrow(/NUL byte in line 2/);
  await expect(readBags([written("bag,patient\n,P1\n", "csv")])).rejects.toThrow(/line 2: the bag is empty/);
  await expect(readBags([written("bogus\na.h5\n", "csv")])).rejects.toThrow(/has no column "bag"/);
});
