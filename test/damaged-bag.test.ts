import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBags, readEachBag } from "#pipeline/read-bags";
import { freshFolder } from "./pipeline/tissue.js";
import { makeStudy, runIn, runs, writeStudy } from "./small-study.js";

const folder = freshFolder("damaged-bag");
const diagnose = ["diagnose", "study/mil-model.h5", "bags", "--stain", "maps", "--out"];
const bag = (name: string) => join(folder, "bags", `${name}.bag.h5`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bag n2 is cut short; n3 is a text. */
beforeAll(async () => {
  await writeStudy(folder);
  makeStudy(folder);
  writeFileSync(bag("n2"), readFileSync(bag("n2")).subarray(0, 5000));
  writeFileSync(bag("n3"), "no bag at all");
}, 240_000);

test("train-mil tells all damaged bags at once, and learns nothing from the others", () => {
  const { status, stderr } = runIn(folder, runs["train-mil"]("other-study"));
  expect(status).toBe(1);
  expect(stderr).toContain(bag("n2"));
  expect(stderr).toContain(bag("n3"));
  expect(stderr).toMatch(/Every bag is needed: make them anew with spectrastain bags, or take their lines out/);
});

test("diagnose tells damaged bags, lists them, and goes on with the others", () => {
  const { status, stderr } = runIn(folder, [...diagnose, "cases"]);
  expect(status, stderr).toBe(1);
  const { cases, failures } = JSON.parse(readFileSync(join(folder, "cases/findings.json"), "utf8"));
  expect(cases).toHaveLength(8);
  expect(failures.map(({ file }: { file: string }) => file.replace(/.*\//, ""))).toEqual(["n2.bag.h5", "n3.bag.h5"]);
  expect(readFileSync(join(folder, "cases/report.html"), "utf8")).toContain("n2.bag.h5");
});

test("a case is not diagnosed on a part of its tissue", () => {
  const index = join(folder, "bags/bags.csv");
  const text = readFileSync(index, "utf8");
  const lines = text.trim().split("\n");
  const at = lines[0].split(",").indexOf("biopsy");
  // A bag without a biopsy is one of its own, of its own name: n3 is made a part of n4.
  const moved = lines.map((line) => {
    const cells = line.split(",");
    return (cells[0] === "n3.bag.h5" ? cells.with(at, "n4") : cells).join(",");
  });
  writeFileSync(index, `${moved.join("\n")}\n`);
  const { stderr } = runIn(folder, [
    ...["diagnose", "study/mil-model.h5", "bags", "--stain", "maps", "--out", "parts"],
  ]);
  const { cases, failures } = JSON.parse(readFileSync(join(folder, "parts/findings.json"), "utf8"));
  writeFileSync(index, text);
  expect(cases).toHaveLength(7);
  expect(failures).toHaveLength(3);
  expect(stderr).toMatch(/biopsy n4 is not diagnosed without its bag .*n3\.bag\.h5; make that anew/);
});

test("where no bag can be read there is nothing to go on with", async () => {
  await expect(readEachBag([bag("n2"), bag("n3")])).rejects.toThrow(/n2.*; .*n3.*No bag is left/);
  await expect(readBags([bag("n3"), bag("n1")])).rejects.toThrow(/n3\.bag\.h5.*Every bag is needed/);
});
