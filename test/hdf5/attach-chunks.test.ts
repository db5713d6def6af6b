import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import type { ReadyChunk } from "#hdf5/attach-chunks";
import { createHdf5 } from "#hdf5/create";
import { openHdf5 } from "#hdf5/open";

const folder = mkdtempSync(join(tmpdir(), "chunks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The number at a place: no two chunks are alike. */
const valueAt = (row: number, col: number) => (row * 31 + col * 7) % 251;

/** Chunks of `height` rows of an image `cols` wide, zeros behind its last row. */
function* strips(dataset: string, rows: number, cols: number, height: number): Generator<ReadyChunk> {
  for (let row = 0; row < rows; row += height) {
    const values = new Uint8Array(height * cols);
    for (let i = 0; i < values.length && row * cols + i < rows * cols; i++) {
      values[i] = valueAt(row + Math.floor(i / cols), i % cols);
    }
    yield { dataset, start: [row, 0], bytes: deflateSync(values) };
  }
}

const image = (rows: number, cols: number) =>
  Uint8Array.from({ length: rows * cols }, (_, i) => valueAt(Math.floor(i / cols), i % cols));

describe("chunks that were deflated elsewhere", () => {
  // One chunk, a last one that is not full, a full node of 64, one more, and three levels of nodes.
  test.each([1, 5, 37, 64 * 4, 64 * 4 + 1, 64 * 64 * 4 + 9])("%d rows are read back by the library", async (rows) => {
    const path = join(folder, `${rows}.h5`);
    const height = Math.min(4, rows);
    const spec = { shape: [rows, 6], type: "uint8", chunks: [4, 6], gzip: 2 } as const;
    await createHdf5(
      path,
      (file) => {
        file.dataset("/a", {
          ...spec,
          shape: [...spec.shape],
          chunks: [...spec.chunks],
          attributes: { names: ["x", "y"] },
        });
        file.dataset("/b", { ...spec, shape: [...spec.shape], chunks: [...spec.chunks] });
        file.put("/c", Float64Array.of(1.5));
      },
      function* () {
        const [a, b] = [strips("/a", rows, 6, height), strips("/b", rows, 6, height)];
        // In turn, as a map is written.
        for (const chunk of a) yield* [chunk, b.next().value as ReadyChunk];
      },
    );
    const file = await openHdf5(path);
    expect(file.read("/a")).toEqual(image(rows, 6));
    expect(file.read("/b")).toEqual(image(rows, 6));
    // A slab that begins inside a chunk and ends inside another.
    if (rows > 8) expect(file.read("/a", [3, 1], [6, 2])).toEqual(slab(image(rows, 6), 3, 6, 1, 2));
    expect(file.read("/c")).toEqual(Float64Array.of(1.5));
    expect(file.info("/a").attributes.names).toEqual(["x", "y"]);
    file.close();
  });

  test("an error among them leaves no file", async () => {
    const path = join(folder, "never.h5");
    const out = createHdf5(
      path,
      (file) => {
        file.dataset("/a", { shape: [4, 6], type: "uint8", chunks: [4, 6], gzip: 2 });
      },
      () => {
        throw new Error("no more chunks");
      },
    );
    await expect(out).rejects.toThrow("no more chunks");
    expect(readdirSync(folder).filter((name) => name.includes("never"))).toEqual([]);
  });
});

function slab(values: Uint8Array, row: number, rows: number, col: number, cols: number): Uint8Array {
  return Uint8Array.from(
    { length: rows * cols },
    (_, i) => values[(row + Math.floor(i / cols)) * 6 + col + (i % cols)],
  );
}
