import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fit as fitModel } from "#pipeline/fit";
import { cohortOf, readCohort } from "#read/cohort";
import { openCube } from "#read/open-cube";
import { sha256 } from "#read/sha256";
import { readSpectraTable } from "#read/spectra-table";
import { smallPipeline } from "../pipeline/tissue.js";

const folder = mkdtempSync(join(tmpdir(), "tables-"));
const written = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe("a cohort file", () => {
  test("paths are relative to it, empty fields are missing, other columns are kept", async () => {
    const path = written("cohort.csv", 'cube,patient,core,mode,scanner\nsub/a.h5,P1,,SD,"left, old"\nb.h5,P2,C2,,\n');
    const { rows } = await readCohort(path);
    expect(rows).toEqual([
      expect.objectContaining({
        path: join(folder, "sub/a.h5"),
        name: "a",
        patient: "P1",
        mode: "SD",
        extra: { scanner: "left, old" },
      }),
      expect.objectContaining({
        path: join(folder, "b.h5"),
        name: "b",
        patient: "P2",
        core: "C2",
        extra: { scanner: "" },
      }),
    ]);
    expect(rows[0].core).toBeUndefined();
  });

  test("semicolons and tabs part the fields where the header has no comma", async () => {
    for (const separator of [";", "\t"]) {
      const text = `cube${separator}patient\na, b.h5${separator}P1\n`;
      const { rows } = await readCohort(written("separated.csv", text));
      expect(rows).toMatchObject([{ path: join(folder, "a, b.h5"), patient: "P1" }]);
    }
  });

  test.each([
    [
      "no cube column",
      "scan,patient\na.h5,P1\n",
      /no column "cube"; a cohort file has the columns cube, patient.*line 1 reads scan, patient/,
    ],
    ["a column twice", "cube,patient,patient\na,b,c\n", /has two columns "patient"/],
    [
      "a ragged row",
      "cube,patient\na.h5,P1\nb.h5,P,2\n",
      /row 2 \(line 3\): 3 fields where the header has 2; quote fields/,
    ],
    ["an empty cube", "cube,patient\n,P1\n", /row 1 \(line 2\): the cube is empty/],
    ["a cube twice", "cube\na.h5\n./a.h5\n", /a\.h5 twice/],
    ["nothing under the header", "cube,patient\n", /names no cube/],
    ["nothing at all", "", /has no column "cube"/],
  ])("with %s is refused", async (_, text, message) => {
    await expect(readCohort(written("bad.csv", text))).rejects.toThrow(message);
  });

  test("a cohort file that is not there", async () => {
    await expect(readCohort(join(folder, "none.csv"))).rejects.toThrow(/none\.csv cannot be read/);
  });

  test("names for outputs are safe whatever the files are called, and each occurs once", () => {
    const { rows } = cohortOf([
      "../../etc/passwd.h5",
      "x/a.h5",
      "y/A.h5",
      "<script>.h5",
      "..h5",
      "C:\\data\\core 1.h5",
      "ü.h5",
    ]);
    const names = rows.map(({ name }) => name.replace(/-[0-9a-f]{6}$/, "-HASH"));
    expect(names).toEqual(["passwd", "a-HASH", "A-HASH", "_script_", "cube", "core_1", "ü"]);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1, maxLength: 6 }), (paths) => {
        const names = cohortOf(paths).rows.map(({ name }) => name);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(paths.length);
        for (const name of names) expect(name).toMatch(/^[\p{L}\p{N}_-][\p{L}\p{N}._-]*$/u);
      }),
    );
  });
});

describe("a table of annotated spectra", () => {
  test("class first, wavenumbers in the header, in any order", () => {
    const table = readSpectraTable(written("plain.csv", "type,1200,1100,1000\nb,3,2,1\na,6,5,4\n,9,8,?\n"));
    expect([...table.axis.wavenumbers]).toEqual([1000, 1100, 1200]);
    expect([...table.values]).toEqual([1, 2, 3, 4, 5, 6, Number.NaN, 8, 9]);
    expect(table.classNames).toEqual(["unlabelled", "a", "b"]);
    expect([...table.labels]).toEqual([2, 1, 0]);
    expect(table.patients).toBeUndefined();
  });

  test("semicolons, tabs, and a column of patients", () => {
    for (const separator of [";", "\t"]) {
      const text = "class,Patient,1000,1100\na,P1,1,2\nb,P2,3,4\n".replaceAll(",", separator);
      const table = readSpectraTable(written("patients.csv", text));
      expect(table.patients).toEqual(["P1", "P2"]);
      expect([...table.values]).toEqual([1, 2, 3, 4]);
    }
  });

  test("Orange's three header rows, with the class where its flag says", () => {
    const text = "1000\t1100\ttissue\tpatient\nc\tc\td\tstring\n\t\tclass\tmeta\n1\t2\ta\tP1\n3\t4\tb\tP1\n";
    const table = readSpectraTable(written("orange.tab", text));
    expect(table.classNames).toEqual(["unlabelled", "a", "b"]);
    expect([...table.values]).toEqual([1, 2, 3, 4]);
    expect(table.patients).toEqual(["P1", "P1"]);
  });

  test.each([
    ["no column for the class", "1000,1100\n1,2\n", /no column with the class beside the wavenumbers/],
    ["no wavenumbers", "class,x,y\na,1,2\n", /header must hold wavenumbers/],
    ["a ragged row", "class,1000,1100\na,1\n", /line 2: 2 fields where the header has 3/],
    ["a word for a number", "class,1000,1100\na,1,one\n", /line 2: "one" in the column 1100 is not a number/],
    ["a wavenumber twice", "class,1000,1000\na,1,2\n", /occurs twice/],
    ["no spectra", "class,1000,1100\n", /holds no spectra/],
  ])("with %s is refused", (_, text, message) => {
    expect(() => readSpectraTable(written("bad-table.csv", text))).toThrow(message);
  });

  test("stands in the place of a cube, and a model is fitted on it with its own patients", async () => {
    const axis = Array.from({ length: 60 }, (_, i) => 1000 + 13 * i);
    const lines = Array.from({ length: 80 }, (_, i) => {
      const at = i % 2 ? 1080 : 1400;
      const y = axis.map(
        (x) => 0.1 + 0.6 * Math.exp(-(((x - 1655) / 30) ** 2)) + (0.2 + i / 900) * Math.exp(-(((x - at) / 30) ** 2)),
      );
      return [i % 2 ? "nucleus" : "collagen", `P${i % 5}`, ...y].join(",");
    });
    const path = written("spectra.csv", `${["class", "patient", ...axis].join(",")}\n${lines.join("\n")}\n`);
    const reader = await openCube(path);
    expect([reader.cube.rows, reader.cube.cols, reader.cube.origin]).toEqual([80, 1, "unknown"]);
    expect([...reader.read({ row: 3, rows: 1 }).values]).toEqual([
      ...reader.read({ row: 0, rows: 80 }).values.subarray(180, 240),
    ]);
    reader.close();
    const { model } = await fitModel(cohortOf([path]), smallPipeline(), { workers: 0, missingPatients: "refuse" });
    expect(model.provenance).toMatchObject({ patients: 5, pixels: 80, stamps: [] });
    expect(model.classNames).toEqual(["unlabelled", "collagen", "nucleus"]);
  });
});

test("the hash of a file is that of its bytes", async () => {
  const text = "x".repeat(3_000_000);
  const path = written("long.txt", text);
  expect(await sha256(path)).toBe(createHash("sha256").update(text).digest("hex"));
  await expect(sha256(join(folder, "none"))).rejects.toThrow(/cannot be read/);
});
