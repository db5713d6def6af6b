import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHdf5, type DatasetSpec, type Hdf5Writer } from "#hdf5/create";
import { type Hdf5File, openHdf5 } from "#hdf5/open";
import { openCube } from "#read/open-cube";
import { openPlane } from "#read/planes";

const folder = mkdtempSync(join(tmpdir(), "rows-of-labels-"));
let written = 0;
async function fileOf(fill: (file: Hdf5Writer) => void): Promise<string> {
  const path = join(folder, `${++written}.h5`);
  await createHdf5(path, fill);
  return path;
}

const [rows, cols] = [11, 7];
const label = (row: number, col: number) => (row * 5 + col * 3) % 4;
const values = Uint8Array.from({ length: rows * cols }, (_, i) => label(Math.floor(i / cols), i % cols));
const turned = Uint8Array.from({ length: rows * cols }, (_, i) => label(i % rows, Math.floor(i / rows)));

describe("labels read some rows at a time are those of the whole", () => {
  const storages: [string, Uint8Array | Float64Array, Partial<DatasetSpec>][] = [
    ["as a picture", values, { shape: [rows, cols] }],
    ["in deflated chunks that end between two reads", values, { shape: [rows, cols], chunks: [4, 3], gzip: 4 }],
    ["as float64", Float64Array.from(values), { shape: [rows, cols], chunks: [5, 7], gzip: 1 }],
    ["turned, as MATLAB stores them", turned, { shape: [cols, rows], attributes: { MATLAB_class: "uint8" } }],
    [
      "turned and deflated",
      turned,
      { shape: [cols, rows], chunks: [2, 5], gzip: 1, attributes: { MATLAB_class: "uint8" } },
    ],
    ["as a list of the pixels", values, { shape: [rows * cols], chunks: [10], gzip: 1 }],
    ["as a list in a column", values, { shape: [rows * cols, 1] }],
  ];
  for (const [how, data, spec] of storages) {
    test(how, async () => {
      const path = await fileOf((file) => file.put("/labels", data, spec));
      const file = await openHdf5(path);
      const plane = openPlane(file, "/labels", rows, cols, "rcb");
      expect([...plane.counts()].slice(0, 4)).toEqual([0, 1, 2, 3].map((v) => values.filter((of) => of === v).length));
      fc.assert(
        fc.property(fc.nat(rows - 1), fc.integer({ min: 1, max: rows }), (row, most) => {
          const height = Math.min(most, rows - row);
          const read = plane.read({ row, rows: height });
          expect([...read]).toEqual([...values.subarray(row * cols, (row + height) * cols)]);
        }),
        { numRuns: 30 },
      );
      file.close();
    });
  }
});

test("no read of labels asks for more than 8 MB, or one row of chunks, however large the image", () => {
  const [edge, chunk] = [40_000, 1000];
  let most = 0;
  let pixels = 0;
  for (const chunks of [undefined, [chunk, chunk]]) {
    const info = { path: "/labels", shape: [edge, edge], type: "uint8", chunks, filters: chunks ? ["gzip"] : [] };
    const file = {
      // Any file that exists: its length is asked for.
      path: fileURLToPath(import.meta.url),
      info: () => ({ ...info, attributes: {} }),
      isWritten: () => true,
      read(_path: string, _start: number[], count: number[]) {
        most = Math.max(most, count[0] * count[1]);
        pixels += count[0] * count[1];
        // A piece of any length will do: what is in it is not looked at here.
        return new Uint8Array(1);
      },
    } as unknown as Hdf5File;
    openPlane(file, "/labels", edge, edge, "rcb").counts();
    expect(pixels).toBe(edge * edge);
    expect(most).toBeLessThanOrEqual(chunks ? chunk * edge : 8 << 20);
    pixels = 0;
  }
});

describe("a small file that claims a large picture", () => {
  const edge = 60_000;
  const claiming = (chunks: number[], fill: (labels: ReturnType<Hdf5Writer["dataset"]>) => void = () => {}) =>
    fileOf((file) => {
      file.dataset("/cube", { shape: [edge, edge, 3], type: "float32", chunks: [1, 1000, 3], gzip: 1 });
      file.put("/wavenumbers", Float64Array.of(1000, 1100, 1200));
      const attributes = { class_names: ["unlabelled", "a"] };
      fill(file.dataset("/labels", { shape: [edge, edge], type: "uint8", chunks, gzip: 1, attributes }));
    });

  test("costs no reading of what was never written", async () => {
    const reader = await openCube(await claiming([1000, 1000]));
    // 3.6 · 10⁹ pixels, of which none is stored.
    expect(reader.labelCounts()![0]).toBe(edge * edge);
    expect([...reader.labels({ row: edge - 1, rows: 1 })!].some(Boolean)).toBe(false);
    expect(reader.read({ row: 7, rows: 1, col: 5, cols: 2 }).values).toEqual(new Float32Array(6));
    reader.close();
  });

  test("is read where a chunk was written", async () => {
    const half = [100, edge / 2];
    const path = await claiming(half, (labels) => labels.write([2500, 40], [1, 2], Uint8Array.of(1, 1)));
    const reader = await openCube(path);
    expect([...reader.labelCounts()!].slice(0, 2)).toEqual([edge * edge - 2, 2]);
    expect([...reader.labels({ row: 2500, rows: 1 })!].indexOf(1)).toBe(40);
    reader.close();
  });

  test("is refused when it claims more chunks than the file can list", async () => {
    await expect(openCube(await claiming([1, 1]))).rejects.toThrow(
      /\/labels of .* claims 3600000000 chunks, more than a file of \d+ bytes has room for/,
    );
  });

  test("is refused when a chunk must be inflated to more than any memory", async () => {
    await expect(openCube(await claiming([edge, edge]))).rejects.toThrow(/stored in chunks of 3600 MB.*smaller ones/);
  });
});
