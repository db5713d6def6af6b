import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHdf5 } from "#hdf5/create";
import { openHdf5 } from "#hdf5/open";
import { rechunk } from "#pipeline/rechunk";
import { openCube } from "#read/open-cube";

const folder = mkdtempSync(join(tmpdir(), "rechunk-"));
const [rows, cols, bands] = [40, 30, 25];
/** A different number in every place; bands run downwards. */
const values = Float32Array.from({ length: rows * cols * bands }, (_, i) => i / 7);
const labels = Uint8Array.from({ length: rows * cols }, (_, i) => i % 3);

async function planes(name: string): Promise<string> {
  const path = join(folder, name);
  await createHdf5(path, (file) => {
    file.attributes("/", { patient: "P7", pixel_size_um: 1.1, origin: "simulated", operator: "N. N." });
    file.put("/cube", values, { shape: [rows, cols, bands], chunks: [rows, cols, 1], gzip: 2 });
    file.put(
      "/wavenumbers",
      Float64Array.from({ length: bands }, (_, i) => 1800 - 10 * i),
    );
    file.put("/labels", labels, { shape: [rows, cols], attributes: { class_names: ["unlabelled", "a", "b"] } });
    file.put("/mask", labels, { shape: [rows, cols] });
  });
  return path;
}

describe("a cube of one chunk a band", () => {
  test.each([undefined, 3])("becomes one of whole spectra with the same numbers, gzip %s", async (gzip) => {
    const from = await planes(`planes-${gzip}.h5`);
    const out = join(folder, `spectra-${gzip}.h5`);
    const done = await rechunk(from, out, { gzip });
    expect(done.chunks).toEqual([rows, cols, bands]);
    const [before, after] = [await openCube(from), await openCube(out)];
    expect(after.read({ row: 0, rows }).values).toEqual(before.read({ row: 0, rows }).values);
    expect(after.cube).toEqual({ ...before.cube, path: out, axis: { ...before.cube.axis, sourceOrder: "ascending" } });
    expect(after.labels()).toEqual(labels);
    expect(after.mask()).toEqual(labels);
    expect(after.dataset).toMatchObject({ chunks: done.chunks, filters: gzip ? ["gzip"] : [] });
    before.close();
    after.close();
    const file = await openHdf5(out);
    expect(file.attributes("/").operator).toBe("N. N.");
    file.close();
  });

  test("what is held does not grow with the cube: more passes are made", async () => {
    const path = join(folder, "high.h5");
    const high = [4000, 64, 40];
    await createHdf5(path, (file) => {
      const cube = file.dataset("/cube", { shape: high, type: "float32", chunks: [4000, 64, 1], gzip: 1 });
      for (let band = 0; band < high[2]; band++) {
        cube.write([0, 0, band], [4000, 64, 1], new Float32Array(4000 * 64).fill(band));
      }
      file.put(
        "/wavenumbers",
        Float64Array.from({ length: high[2] }, (_, i) => 1000 + i),
      );
    });
    const out = join(folder, "high-spectra.h5");
    const remarks: string[] = [];
    const onRemark = (text: string) => remarks.push(text);
    // 40 MB of spectra in 16 MB.
    const done = await rechunk(path, out, { memory: 100e6, onRemark });
    expect(done.inflatedOverNeeded).toBeGreaterThanOrEqual(3);
    expect(remarks.join()).toMatch(/every chunk is inflated \d\.\d times/);
    const reader = await openCube(out);
    const { values: last } = reader.read({ row: 3999, rows: 1, col: 63, cols: 1 });
    expect([...last]).toEqual(Array.from({ length: 40 }, (_, band) => band));
    reader.close();
  });
});

test("a run that is stopped leaves nothing behind; a file is not written over itself", async () => {
  const from = await planes("stopped.h5");
  const controller = new AbortController();
  const out = join(folder, "never.h5");
  const onProgress = () => controller.abort();
  await expect(rechunk(from, out, { signal: controller.signal, onProgress })).rejects.toMatchObject({
    kind: "cancelled",
  });
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  await expect(rechunk(from, from)).rejects.toMatchObject({ kind: "usage" });
});
