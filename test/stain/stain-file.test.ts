import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createHdf5 } from "#hdf5/create";
import { openHdf5 } from "#hdf5/open";
import { readStain } from "#stain/read-stain";
import { deflateStrips, type StainHeader, writeStain, writeStainFile } from "#stain/write-stain";
import { drawn } from "./maps.js";

const folder = mkdtempSync(join(tmpdir(), "stain-"));
afterAll(() => rmSync(folder, { recursive: true }));

const map = drawn(["123", "4?x", "56.", "111"]);
const header: Omit<StainHeader, "rows" | "cols" | "classNames" | "labels"> = {
  source: "core.h5",
  origin: "simulated",
  pixelSizeUm: 5.5,
  patient: "P01",
  core: "A3",
  mode: "HD",
  model: "abc",
  version: "0.1.0",
  stamps: ["patients overlap"],
  pipeline: {
    name: "test",
    description: "",
    steps: [],
    reduce: { components: 2, outside: 0 },
    classify: { trees: 1, minLeaf: 1, maxDepth: 2, pixelsPerClass: 9 },
    stain: { threshold: 0.5, smoothing: "none" },
  },
};

test("a map written as float32 is read back as it was", async () => {
  const path = join(folder, "float.stain.h5");
  await writeStain(path, map, { ...header, probabilities: "float32" });
  expect(await readStain(path)).toEqual(map);
});

test("probabilities stored as uint8 are wrong by at most 1/510, classes and reasons not at all", async () => {
  const path = join(folder, "byte.stain.h5");
  await writeStain(path, map, header);
  const back = await readStain(path);
  expect(back).toEqual({ ...map, probabilities: back.probabilities });
  // One float32 step of 6e-8 on top, from dividing by 255.
  for (const [i, p] of back.probabilities.entries()) {
    expect(Math.abs(p - map.probabilities[i])).toBeLessThanOrEqual(1 / 510 + 6e-8);
  }
});

test("a probability a hair above 1 is stored as 1, not as 0", async () => {
  const path = join(folder, "one.stain.h5");
  const one = drawn(["1"], ["unclassified", "a", "b"]);
  await writeStain(path, { ...one, probabilities: Float32Array.of(1 + 2 ** -22, 0) }, header);
  expect([...(await readStain(path)).probabilities]).toEqual([1, 0]);
});

test("strips deflated block by block make the same bytes as the whole map at once", async () => {
  const tall = drawn(Array.from({ length: 37 }, (_, row) => ["123", "4?x", "56.", "111"][row % 4]));
  const shape = { ...header, ...tall, probabilities: "uint8" as const };
  const part = (row: number, rows: number) => ({
    row,
    rows,
    classes: tall.classes.subarray(row * 3, (row + rows) * 3),
    rejected: tall.rejected.subarray(row * 3, (row + rows) * 3),
    probabilities: tall.probabilities.subarray(row * 18, (row + rows) * 18),
  });
  const whole = join(folder, "whole.stain.h5");
  await writeStain(whole, tall, header);
  const blocks = join(folder, "blocks.stain.h5");
  await writeStainFile(blocks, shape, () => [
    ...deflateStrips(shape, part(0, 32)),
    ...deflateStrips(shape, part(32, 5)),
  ]);
  expect(readFileSync(blocks)).toEqual(readFileSync(whole));
  expect((await readStain(blocks)).classes).toEqual(tall.classes);
  expect(() => deflateStrips(shape, part(3, 16))).toThrow("rows 3 to 19 are not whole strips of 16 rows");
  expect(() => deflateStrips(shape, part(0, 20))).toThrow("not whole strips");
});

test("the file says what it is made of and made with", async () => {
  const file = await openHdf5(join(folder, "byte.stain.h5"));
  const root = file.attributes("/");
  expect(root).toMatchObject({
    pixel_size_um: 5.5,
    patient: "P01",
    core: "A3",
    mode: "HD",
    origin: "simulated",
    model: "abc",
  });
  expect(root.slide).toBeUndefined();
  expect([root.stamps].flat()).toEqual(["patients overlap"]);
  expect(JSON.parse(String(root.pipeline))).toEqual(header.pipeline);
  expect(file.info("/classes").attributes.class_names).toEqual(map.classNames);
  expect(file.info("/probabilities").attributes).toMatchObject({ scale: 255, labels: [1, 2, 3, 4, 5, 6] });
  expect(file.info("/rejected").attributes.reasons).toContain("no tissue");
  expect(file.info("/classes").type).toBe("uint8");
  expect(file.info("/probabilities").shape).toEqual([4, 3, 6]);
  file.close();
});

test("no warnings, markup in names and a single pixel are written like anything else", async () => {
  const path = join(folder, "odd.stain.h5");
  const odd = drawn(["1"], ["unclassified", "<b>&amp;\"'ß", "日本"]);
  await writeStain(path, odd, { ...header, pixelSizeUm: undefined, stamps: [], probabilities: "float32" });
  expect(await readStain(path)).toEqual(odd);
});

test("a block that does not fit is refused and no file appears, not even a temporary one", async () => {
  const before = readdirSync(folder).length;
  const path = join(folder, "never.stain.h5");
  await expect(writeStain(path, { ...map, classes: new Uint8Array(3) }, header)).rejects.toThrow(/block of 4 × 3/);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(folder).length).toBe(before);
});

test("a file whose parts do not belong together is refused with their sizes", async () => {
  const path = join(folder, "wrong.stain.h5");
  await createHdf5(path, (file) => {
    file.put("/classes", new Uint8Array(4), { shape: [2, 2], attributes: { class_names: ["unclassified", "a"] } });
    file.put("/rejected", new Uint8Array(6), { shape: [2, 3] });
    file.put("/probabilities", new Float32Array(4), { shape: [2, 2, 1], attributes: { labels: [1] } });
  });
  await expect(readStain(path)).rejects.toThrow(/\/rejected \[2,3\]/);
});

test("a label value without a name is refused", async () => {
  const path = join(folder, "nameless.stain.h5");
  await createHdf5(path, (file) => {
    file.put("/classes", Uint8Array.of(0, 7), { shape: [1, 2], attributes: { class_names: ["unclassified", "a"] } });
    file.put("/rejected", new Uint8Array(2), { shape: [1, 2] });
    file.put("/probabilities", new Float32Array(2), { shape: [1, 2, 1], attributes: { labels: [1] } });
  });
  await expect(readStain(path)).rejects.toThrow(/label value 7 has no name/);
});
