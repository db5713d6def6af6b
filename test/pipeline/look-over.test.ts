import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { lookOver } from "#pipeline/look-over";
import { sameFiles } from "#pipeline/same-files";
import { freshFolder, writeTissue } from "./tissue.js";

const folder = freshFolder("cohort");
const inFolder = (name: string) => join(folder, name);
const cohort = (name: string, text: string) => {
  writeFileSync(inFolder(name), text);
  return lookOver({ file: inFolder(name) });
};

beforeAll(async () => {
  await writeTissue(inFolder("a.h5"), { patient: "P1", seed: 1 });
  await writeTissue(inFolder("b.h5"), { patient: "P2", seed: 2, mode: "hd" });
  await writeTissue(inFolder("c.h5"), {
    patient: "P3",
    seed: 3,
    names: ["unlabelled", "Nucleus ", "COLLAGEN", "mucin"],
  });
  await writeTissue(inFolder("plain.h5"), { patient: "P4", seed: 4, every: 0 });
  await writeTissue(inFolder("other.h5"), {
    patient: "P5",
    seed: 5,
    names: ["unlabelled", "collagen", "nucleus", "mucin"],
  });
  writeFileSync(inFolder("broken.h5"), "no HDF5");
  mkdirSync(inFolder("again"));
  copyFileSync(inFolder("a.h5"), inFolder("again/x.h5"));
});

test("a cohort that is well: cubes, splits, patients, modes and annotated pixels are counted, and nothing is wrong", async () => {
  const look = await cohort(
    "well.csv",
    "cube,Patient ID,split,mode,note\na.h5,A,train,,x\nb.h5,B,,,\nc.h5,C,Holdout,sd,\n",
  );
  expect(look.problems).toEqual([]);
  expect(look.counts).toEqual({
    cubes: 3,
    learned: 2,
    heldOut: 1,
    patients: 3,
    patientsHeldOut: 1,
    missing: 0,
    annotated: 3,
  });
  expect(look.modes).toEqual({ SD: 2, HD: 1 });
  // 140 tissue pixels of 20 rows × 14 columns, every second: 50, 50 and 40, as inspect says of one cube.
  expect(Object.keys(look.classes)).toEqual(["nucleus", "collagen", "mucin"]);
  expect(look.classes.nucleus).toBe(3 * (look.cubes[0].classes?.nucleus ?? 0));
  expect(look.cubes.map(({ line, split, patients }) => [line, split, ...patients])).toEqual([
    [2, "train", "A"],
    [3, "train", "B"],
    [4, "test", "C"],
  ]);
  expect(look.remarks).toEqual([
    'column "Patient ID" is taken for "patient"',
    'the split "Holdout" is understood as held out (row 3)',
  ]);
});

test("a folder of problems is listed whole", async () => {
  const text =
    "cube,patient,split\na.h5,P1,train\nagain/x.h5,P9,train\nother.h5,P5,\nbroken.h5,P6,\nnone.h5,P7,\nplain.h5,P8,tset\na.h5,P1,\n";
  const { problems, remarks, counts, cubes } = await cohort("bad.csv", text);
  for (const message of [
    /row 6 \(line 7\): the split "tset" is not known/,
    /names .*a\.h5 twice \(rows 1 and 7\)/,
    /broken\.h5/,
    /none\.h5/,
    /other\.h5 calls label 1 "collagen", .*a\.h5 calls it "nucleus"/,
    /a\.h5 and .*again\/x\.h5.* are the same file, under the patients P1 and P9/,
  ]) {
    expect(problems.filter((text) => message.test(text)).length, `${message}`).toBe(1);
  }
  expect(counts.missing).toBe(1);
  expect(cubes.map(({ error }) => error !== undefined)).toEqual([false, false, false, true, true, false, false]);
  expect(cubes[5].split).toBe("unknown");
  expect(remarks.join("\n")).not.toMatch(/every cube is held out/);
});

test("what stops only some commands is a remark", async () => {
  const { problems, remarks } = await cohort("plain.csv", "cube,patient,split\nplain.h5,P4,\na.h5,P4,test\n");
  expect(problems).toEqual([]);
  expect(remarks).toEqual([
    "learned from and held out at once: the patients P4",
    "no cube is annotated: fit and validate need /labels in every cube that they learn from",
  ]);
});

test("cubes and tables can be named one by one", async () => {
  writeFileSync(inFolder("spectra.csv"), "class,donor,900,932\na,D1,1,2\nb,D2,1,2\na,D1,3,4\n");
  const { counts, classes, remarks, file } = await lookOver({ cubes: [inFolder("spectra.csv")] });
  expect([file, counts.patients, classes]).toEqual([undefined, 2, { a: 2, b: 1 }]);
  expect(remarks[0]).toMatch(/column "donor" is taken for the patient/);
});

test("files are the same by their bytes, not by their names or sizes", async () => {
  const bytes = Buffer.alloc(3_000_000, "abc");
  const changed = Buffer.from(bytes);
  changed[1_234_567] ^= 1;
  for (const [name, content] of [
    ["s1", bytes],
    ["s2", changed],
    ["s3", bytes],
  ] as const)
    writeFileSync(inFolder(name), content);
  const paths = ["s1", "s2", "s3", "nowhere"].map(inFolder);
  expect(await sameFiles(paths)).toEqual([[0, 2]]);
});
