import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { SpectraError } from "#cube/errors";
import { examine } from "#read/examine";
import { openCube } from "#read/open-cube";

const folder = mkdtempSync(join(tmpdir(), "damaged-bytes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Cubes as h5py wrote those of the trials: but for the spectra and where their chunks end, byte for byte. See golden/cubes.py. */
const golden = (name: string) => join(import.meta.dirname, "golden", `${name}.h5`);

type Bytes = Readonly<Record<number, number>>;

/** A golden cube with some bytes changed, by their place in the file, and cut behind so many bytes. */
function damaged(of: string, name: string, bytes: Bytes, length?: number): string {
  const file = Buffer.from(readFileSync(golden(of)));
  for (const [place, value] of Object.entries(bytes)) file[Number(place)] = value;
  const path = join(folder, `${name}.h5`);
  writeFileSync(path, file.subarray(0, length));
  return path;
}

/** A good cube reads to its own numbers: nothing that was tried before has spoilt it. */
async function goodIsGood(): Promise<void> {
  const reader = await openCube(golden("gzip"));
  const { values, count } = reader.read({ row: 0, rows: 12 });
  reader.close();
  expect(count).toBe(120);
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(MEAN, 5);
}
/** The mean absorbance of the golden cubes, by numpy. */
const MEAN = 0.105329;

describe("bytes that sent the library round for ever", () => {
  test.each([
    ["latest", "hang-latest-333", { 2184: 0, 2192: 0, 2193: 0, 2194: 0, 2195: 0, 2196: 0, 2197: 0, 2200: 0 }],
    ["gzip", "hang-gzip-80", { 182: 4, 186: 4, 188: 32, 202: 64, 204: 2, 4751: 1, 4753: 2, 4756: 160 }],
  ] as [string, string, Bytes][])(
    "in a cube of kind %s (%s) are refused by name, and the next cube is read",
    async (of, name, bytes) => {
      const path = damaged(of, name, bytes);
      for (const act of [openCube, examine]) {
        await expect(act(path)).rejects.toMatchObject({
          name: "SpectraError",
          message: expect.stringContaining(`${name}.h5 is damaged`),
        });
      }
      await goodIsGood();
    },
  );
});

/** What was tried one after another when the library left its memory, of inputs 100 to 115. 112 has other bytes in a chunk: see below. */
const sequence: [number, Bytes, length?: number][] = [
  [100, { 663: 2, 667: 8, 2921: 1, 2922: 8, 2925: 16, 2926: 128 }],
  [101, { 104: 8 }],
  [102, { 7326: 8, 7327: 18, 7328: 2 }],
  [103, { 1329: 32 }],
  [104, { 199: 2, 202: 16 }, 38941],
  [105, {}, 31834],
  [106, { 365: 4, 366: 129, 368: 64, 4686: 8, 4690: 8 }, 30174],
  [107, { 22: 1, 1475: 32, 1476: 1, 1477: 2, 1479: 2, 8742: 8, 8744: 53, 8764: 129 }],
  [108, { 3100: 96, 3103: 32 }],
  [109, { 33: 239, 36: 95, 9000: 129, 9004: 8 }],
  [110, { 1100: 2, 1101: 8 }],
  [111, { 128: 58, 132: 4, 696: 144, 1128: 16, 1133: 128 }],
  [112, chunkOf(9384, 34000, 54)],
  [113, { 97: 128, 100: 33, 103: 32 }],
  [114, { 9073: 128, 9096: 7, 9097: 202, 9098: 154, 9099: 59 }],
  [115, { 417: 4, 1290: 226, 8906: 4, 8908: 0, 8909: 16, 8911: 128 }],
];

/** Some bytes of the structure in the midst of a chunk. */
function chunkOf(from: number, to: number, count: number): Bytes {
  const file = readFileSync(golden("gzip"));
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [to + i, file[from + i]]));
}

test("of inputs that once had the library leave its memory each is read or refused by name, and none spoils the next", async () => {
  for (const [n, bytes, length] of sequence) {
    const path = damaged("gzip", `input-${n}`, bytes, length);
    try {
      const reader = await openCube(path);
      try {
        reader.read({ row: 0, rows: reader.cube.rows });
        reader.labels();
        reader.mask();
      } finally {
        reader.close();
      }
      if (n % 4 === 0) await examine(path);
    } catch (thrown) {
      expect(thrown, String(n)).toBeInstanceOf(SpectraError);
      expect((thrown as Error).message).toContain(`input-${n}.h5`);
    }
    await goodIsGood();
  }
});
