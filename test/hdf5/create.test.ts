import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeFileSafely } from "#cube/write-file";
import { createHdf5 } from "#hdf5/create";
import { openHdf5 } from "#hdf5/open";

const folder = mkdtempSync(join(tmpdir(), "hdf5-create-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what is written slab by slab is read back, with its type, chunks, filters and attributes", async () => {
  const path = join(folder, "slabs.h5");
  const answer = await createHdf5(path, async (file) => {
    const cube = file.dataset("/deep/er/cube", {
      shape: [4, 3, 2],
      type: "float32",
      chunks: [2, 3, 100],
      gzip: 4,
      attributes: { quantity: "absorbance", range: [900, 1800], missing: undefined },
    });
    for (let row = 0; row < 4; row += 2) {
      cube.write(
        [row, 0, 0],
        [2, 3, 2],
        Float32Array.from({ length: 12 }, (_, i) => row * 6 + i),
      );
    }
    file.put("/labels", Uint8Array.of(0, 1, 2), {
      attributes: { class_names: ["unlabelled", "Zellkern µ", "strøma"] },
    });
    file.put("/text", "pipeline: {}");
    file.put("/texts", ["a", "", "ç"]);
    file.attributes("/", { patient: "P01", pixel_size_um: 5.5, seed: 2 ** 40 });
    return 42;
  });
  expect(answer).toBe(42);

  const file = await openHdf5(path);
  expect(file.info("deep/er/cube")).toEqual({
    path: "/deep/er/cube",
    shape: [4, 3, 2],
    type: "float32",
    chunks: [2, 3, 2],
    filters: ["gzip"],
    attributes: { quantity: "absorbance", range: [900, 1800] },
  });
  expect(file.read("/deep/er/cube", [3, 1, 0], [1, 2, 2])).toEqual(Float32Array.of(20, 21, 22, 23));
  const out = new Float32Array(8).fill(-1);
  file.readFloat32("/deep/er/cube", [0, 0, 1], [2, 3, 1], out);
  expect([...out]).toEqual([1, 3, 5, 7, 9, 11, -1, -1]);
  expect(file.read("/labels")).toEqual(Uint8Array.of(0, 1, 2));
  expect(file.attributes("/labels")).toEqual({ class_names: ["unlabelled", "Zellkern µ", "strøma"] });
  expect(file.strings("/text")).toEqual(["pipeline: {}"]);
  expect(file.strings("/texts")).toEqual(["a", "", "ç"]);
  expect(file.attributes("/")).toEqual({ patient: "P01", pixel_size_um: 5.5, seed: 2 ** 40 });
  expect(file.datasets().map((dataset) => dataset.path)).toEqual(["/deep/er/cube", "/labels", "/text", "/texts"]);
  file.close();
});

test.each(["float32", "float64", "uint8", "uint16", "int32", "uint32"] as const)(
  "%s keeps its values, also from a view into a larger array",
  async (type) => {
    const path = join(folder, `${type}.h5`);
    const view = Float64Array.of(99, 0, 1, 250, 99).subarray(1, 4);
    await createHdf5(path, (file) => {
      file.dataset("/a", { shape: [3], type }).write([0], [3], view);
    });
    const file = await openHdf5(path);
    expect(file.info("/a").type).toBe(type);
    expect([...file.read("/a")]).toEqual([0, 1, 250]);
    file.close();
  },
);

test("an error while writing leaves no file, and the one that was there untouched", async () => {
  const path = join(folder, "kept.h5");
  writeFileSync(path, "before");
  await expect(
    createHdf5(path, (file) => {
      file.put("/a", Float32Array.of(1));
      throw new Error("cancelled by the user");
    }),
  ).rejects.toThrow("cancelled by the user");
  expect(readdirSync(folder).filter((name) => name.includes("kept"))).toEqual(["kept.h5"]);
});

test("a folder that is not there is named", async () => {
  const path = join(folder, "nowhere", "x.h5");
  await expect(createHdf5(path, () => {})).rejects.toMatchObject({ name: "SpectraError", kind: "disk" });
  await expect(createHdf5(path, () => {})).rejects.toThrow("there is no folder");
  expect(existsSync(join(folder, "nowhere"))).toBe(false);
});

test("a pipe or a device is refused: renaming over /dev/null would take its place for good", async () => {
  const path = join(folder, "pipe");
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  await expect(createHdf5(path, () => {})).rejects.toThrow(/pipe cannot be written: it is a device or a pipe/);
  expect(() => writeFileSafely(path, "text")).toThrow(/it is a device or a pipe/);
  expect(() => writeFileSafely(folder, "text")).toThrow(/it is a folder; name a file/);
  expect(statSync(path).isFIFO()).toBe(true);
});
