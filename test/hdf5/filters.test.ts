import { mkdtempSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { File, ready } from "h5wasm/node";
import { expect, test } from "vitest";
import { openHdf5 } from "#hdf5/open";
import { openCube } from "#read/open-cube";

const folder = mkdtempSync(join(tmpdir(), "filters-"));
const [rows, cols, bands] = [16, 20, 64];
/** Row and column can be read off a value, and the band but for multiples of eight: repeats that every method finds. */
const values = Float32Array.from(
  { length: rows * cols * bands },
  (_, i) => Math.floor(i / (cols * bands)) + (Math.floor(i / bands) % cols) / 32 + (i % 8) / 4096,
);

/** The number of the filter in the HDF Group's register, and parameters as h5py users give them. */
test.each([
  ["lzf", 32000, []],
  ["blosc", 32001, [0, 0, 0, 0, 5, 1, 1]],
  ["lz4", 32004, []],
  ["bitshuffle", 32008, [0, 2]],
  ["zstd", 32015, [3]],
  ["blosc2", 32026, [0, 0, 0, 0, 5, 1, 1]],
] as const)("a cube compressed by %s is read block by block", async (name, filter, parameters) => {
  // The plugins write as well as read.
  const plugins = createRequire(import.meta.url).resolve("h5wasm-plugins/package.json");
  (await ready).insert_plugin_search_path(join(dirname(plugins), "plugins"), 0);
  const path = join(folder, `${name}.h5`);
  const file = new File(path, "w");
  file.create_dataset({
    name: "cube",
    data: values,
    shape: [rows, cols, bands],
    dtype: "<f",
    chunks: [4, cols, bands],
    compression: filter,
    compression_opts: [...parameters],
  });
  const wavenumbers = Float64Array.from({ length: bands }, (_, i) => 1000 + 10 * i);
  file.create_dataset({ name: "wavenumbers", data: wavenumbers, shape: [bands], dtype: "<d" });
  file.close();
  // A filter that does not work may be passed over by the library: the numbers would stand there as they are.
  expect(statSync(path).size).toBeLessThan(0.8 * values.byteLength);

  const opened = await openHdf5(path);
  expect(opened.info("/cube").filters).toEqual([name]);
  opened.close();
  const reader = await openCube(path);
  for (const [row, count] of [
    [0, 16],
    [3, 2],
    [15, 1],
  ]) {
    const block = reader.read({ row, rows: count }).values;
    expect(block).toEqual(values.slice(row * cols * bands, (row + count) * cols * bands));
  }
  reader.close();
});
