import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHdf5 } from "#hdf5/create";
import { type CubeReader, openCube } from "#read/open-cube";
import { planReading, type ReadingPlan } from "#read/plan-reading";

const folder = mkdtempSync(join(tmpdir(), "regions-"));
const [rows, cols, bands] = [21, 17, 13];
const value = (row: number, col: number, band: number) => Math.fround(row + col / 100 + band / 10000);

let written = 0;
/** The cube in some order of its dimensions, chunked and compressed. */
async function cubeIn(order: string, chunks?: number[], gzip?: number): Promise<string> {
  const path = join(folder, `${++written}.h5`);
  const lengths = { r: rows, c: cols, b: bands, p: rows * cols };
  const shape = [...order].map((letter) => lengths[letter as keyof typeof lengths]);
  const values = new Float32Array(rows * cols * bands);
  for (let i = 0; i < values.length; i++) {
    const at: Record<string, number> = {};
    let rest = i;
    for (const letter of [...order].reverse()) {
      at[letter] = rest % lengths[letter as keyof typeof lengths];
      rest = Math.floor(rest / lengths[letter as keyof typeof lengths]);
    }
    const [row, col] = "p" in at ? [Math.floor(at.p / cols), at.p % cols] : [at.r, at.c];
    values[i] = value(row, col, at.b);
  }
  await createHdf5(path, (file) => {
    file.put("/data", values, { shape, chunks, gzip });
    file.put(
      "/x",
      Float64Array.from({ length: bands }, (_, i) => 1000 + 10 * i),
    );
  });
  return path;
}

const layout = (order: string) => ({ dataset: "/data", axis: "/x", order, rows, cols });

/** Read a whole cube in the regions of a plan, each value checked; the bytes inflated over those of the cube. */
function readBy(reader: CubeReader, plan: Pick<ReadingPlan, "rows" | "cols">): number {
  const before = reader.inflatedBytes();
  let wrong = 0;
  for (let row = 0; row < rows; row += plan.rows) {
    for (let col = 0; col < cols; col += plan.cols) {
      const region = { row, rows: Math.min(plan.rows, rows - row), col, cols: Math.min(plan.cols, cols - col) };
      const { values, count } = reader.read(region);
      expect(count).toBe(region.rows * region.cols);
      for (let i = 0; i < values.length; i++) {
        const pixel = Math.floor(i / bands);
        const at = [row + Math.floor(pixel / region.cols), col + (pixel % region.cols), i % bands] as const;
        if (values[i] !== value(...at)) wrong++;
      }
    }
  }
  expect(wrong).toBe(0);
  return (reader.inflatedBytes() - before) / (4 * rows * cols * bands);
}

const chunkings: [name: string, order: string, chunks: number[] | undefined][] = [
  ["contiguous", "rcb", undefined],
  ["whole spectra", "rcb", [3, 17, 13]],
  ["band-planar", "rcb", [21, 17, 1]],
  ["bands first", "brc", [1, 21, 17]],
  ["bands first, contiguous", "brc", undefined],
  ["MATLAB's order", "bcr", [4, 17, 21]],
  ["columns first", "crb", [1, 21, 13]],
  ["per pixel", "rcb", [1, 1, 13]],
  ["tiles", "rcb", [8, 8, 4]],
  ["ragged", "rcb", [5, 7, 6]],
  ["bands between", "rbc", [2, 5, 9]],
  ["a list of pixels", "pb", [20, 13]],
  ["a list of pixels, bands first", "bp", [2, 100]],
];

describe("regions of any size", () => {
  test.each(chunkings)(
    "%s: every value is where it belongs, stored plainly or compressed",
    async (_, order, chunks) => {
      for (const gzip of chunks ? [undefined, 3] : [undefined]) {
        const reader = await openCube(await cubeIn(order, chunks, gzip), layout(order));
        fc.assert(
          fc.property(fc.integer({ min: 1, max: rows }), fc.integer({ min: 1, max: cols }), (height, width) => {
            readBy(reader, { rows: height, cols: width });
          }),
          { numRuns: 15, seed: 1 },
        );
        reader.close();
      }
    },
  );

  test.each(chunkings.filter(([, , chunks]) => chunks))(
    "%s: within one region no chunk is inflated twice",
    async (_, order, chunks) => {
      const reader = await openCube(await cubeIn(order, chunks, 3), layout(order));
      const { shape } = reader.dataset!;
      const all = shape.reduce((bytes, length, i) => bytes * Math.ceil(length / chunks![i]) * chunks![i], 4);
      expect(readBy(reader, { rows, cols }) * 4 * rows * cols * bands).toBeCloseTo(all, 6);
      reader.close();
    },
  );
});

describe("the plan", () => {
  test.each(chunkings)("%s: what is inflated is what was foretold, whatever the memory", async (_, order, chunks) => {
    const reader = await openCube(await cubeIn(order, chunks, chunks && 3), layout(order));
    for (const memory of [2000, 5000, 12_000, 40_000, 1 << 20]) {
      const plan = planReading(reader.facts!, memory);
      const inflated = readBy(reader, plan);
      if (chunks) expect(inflated).toBeCloseTo(plan.inflatedOverNeeded, 9);
      else expect([inflated, plan.inflatedOverNeeded]).toEqual([0, 1]);
    }
    reader.close();
  });

  const facts = (shape: number[], chunks: number[] | undefined, order = "rcb" as const) => ({
    path: "/data/biopsy.h5",
    order,
    rows: shape[order.indexOf("r")],
    cols: shape[order.indexOf("c")],
    bands: shape[order.indexOf("b")],
    dataset: {
      path: "/cube",
      shape,
      type: "float32" as const,
      ...(chunks && { chunks }),
      filters: chunks ? ["gzip"] : [],
      attributes: {},
    },
  });
  const MB = 1 << 20;

  test("whole chunks in the full width, near 8 MB, where they fit", () => {
    // A row is 1.3 MiB.
    expect(planReading(facts([512, 512, 676], undefined), 300 * MB)).toMatchObject({ rows: 6, cols: 512 });
    expect(planReading(facts([512, 512, 676], [4, 512, 676]), 300 * MB)).toMatchObject({ rows: 8, cols: 512 });
    expect(planReading(facts([512, 512, 676], [64, 64, 100]), 300 * MB)).toMatchObject({
      rows: 64,
      cols: 512,
      // 7 chunks of 100 bands for 676.
      inflatedOverNeeded: 700 / 676,
    });
  });

  test("tiles of whole chunks where the full width does not fit", () => {
    const plan = planReading(facts([2048, 2048, 676], [64, 64, 100]), 200 * MB);
    expect(plan.cols).toBeLessThan(2048);
    expect(plan.cols % 64).toBe(0);
    expect(plan.inflatedOverNeeded).toBeLessThan(1.2);
    expect(plan.bytesPerRegion).toBeLessThan(200 * MB);
    expect(plan.advice).toBeUndefined();
  });

  test("where every chunk must be inflated again and again it says how often, and the way out", () => {
    const plan = planReading(facts([1024, 1024, 450], [1024, 1024, 1]), 300 * MB);
    // 1024 · 450 float32 a row: 1.76 MiB, so 166 rows beside two chunks of 4 MiB; in seven bands of rows.
    expect(plan).toMatchObject({ rows: 147, cols: 1024, inflatedOverNeeded: 7 });
    expect(plan.advice).toMatch(
      /chunks of \[1024, 1024, 1\] \(gzip\): with 315 MB a worker every chunk is inflated 7\.0 times; .*spectrastain rechunk \/data\/biopsy\.h5 --out \/data\/biopsy\.rechunked\.h5/,
    );
    expect(planReading(facts([1024, 1024, 450], [1024, 1024, 1]), 3000 * MB).advice).toBeUndefined();
  });

  test("a chunk larger than the memory is said to be so", () => {
    const plan = planReading(facts([512, 512, 676], [512, 512, 676]), 300 * MB);
    expect(plan.advice).toMatch(/inflated .* times|more than the 315 MB/);
  });
});
