import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { SpectraError } from "#cube/errors";
import type { Model } from "#cube/model";
import { openAsked } from "#hdf5/ask";
import { createHdf5 } from "#hdf5/create";
import { TookTooLong, watched } from "#hdf5/watched";
import { readModel, writeModel } from "#pipeline/model-file";
import { stainCohort } from "#pipeline/stain-cohort";
import { cohortOf } from "#read/cohort";
import { openCube } from "#read/open-cube";
import { readStain } from "#stain/read-stain";
import { makeCorpus, model, values } from "../fuzz/corpus.js";

const folder = mkdtempSync(join(tmpdir(), "lying-"));
const corpus = join(folder, "corpus");
const at = (name: string) => join(corpus, name);
beforeAll(() => makeCorpus(corpus));

/** A seed with some of its bytes changed; places count from where a text stands first. */
function changed(name: string, text: string, changes: Readonly<Record<number, number>>): string {
  const bytes = Buffer.from(readFileSync(at(name)));
  const from = bytes.indexOf(text, 0, "latin1");
  expect(from, text).toBeGreaterThan(0);
  for (const [offset, value] of Object.entries(changes)) bytes[from + Number(offset)] = value;
  const path = join(folder, `changed-${basename(name)}`);
  writeFileSync(path, bytes);
  return path;
}

/** A good cube reads to its own numbers: nothing that was tried before has spoilt it. */
async function goodIsGood(): Promise<void> {
  const reader = await openCube(at("gzip.h5"));
  expect(reader.read({ row: 0, rows: 6 }).values).toEqual(values);
  reader.close();
}

describe("a damaged cube", () => {
  // The eight bytes before a text of variable length are how long it is: 0xa0_0000_0200 goes round the 32 bits of the library.
  const endless = () => changed("gzip.h5", "cancer", { [-8]: 0, [-7]: 2, [-4]: 0xa0 });

  test("that sends the library round in a circle is refused by name, and the next one is read", async () => {
    const path = endless();
    await expect(openCube(path)).rejects.toMatchObject({
      name: "SpectraError",
      message: expect.stringMatching(/changed-gzip\.h5 is damaged: the HDF5 library gives no answer within \d+ ms/),
    });
    await goodIsGood();
  });

  test("is a failure of its own in a cohort: the cubes behind it are stained", async () => {
    // A message of a header that is one byte longer than it can be: behind the 16 bytes of the prefix, its kind and its size.
    const path = changed("chunked.h5", "TREE", { 5: 9, 6: 255, 7: 255 });
    const cohort = cohortOf([path, at("contiguous.h5")]);
    const out = join(folder, "cohort");
    mkdirSync(out, { recursive: true });
    const { stains, failures } = await stainCohort(cohort, model() as unknown as Model, out, {
      workers: 0,
      pictures: "none",
    });
    expect(stains!.map(({ name }) => name)).toEqual(["contiguous"]);
    expect(failures).toHaveLength(1);
    expect(failures![0].error).toContain("changed-chunked.h5");
  });
});

describe("the library", () => {
  test("that leaves its memory is thrown away, and the file is named", async () => {
    const path = at("gzip.h5");
    const { ask, close } = await openAsked(path, 10_000);
    const trap = () =>
      ask(({ module }) =>
        (module as unknown as { _memset(at: number, value: number, bytes: number): void })._memset(0xfffff000, 1, 8192),
      );
    expect(trap).toThrow(SpectraError);
    expect(trap).toThrow(/gzip\.h5 is damaged: memory access out of bounds/);
    close();
    await goodIsGood();
  });

  test("that does not answer is cut off, whatever it is doing", async () => {
    const endless = () => {
      for (let i = 0; ; i++) if (i < 0) return i;
    };
    expect(() => watched(at("gzip.h5"), endless, 50)).toThrow(TookTooLong);
    expect(watched(at("gzip.h5"), () => 7, 1000)).toBe(7);
  });
});

describe("a model", () => {
  const written = async (change: (of: ReturnType<typeof model>) => object) => {
    const path = join(folder, "model.h5");
    const whole = model();
    await writeModel(path, { ...whole, ...change(whole) } as unknown as Model);
    return readModel(path);
  };
  const forest = (part: object) => (of: ReturnType<typeof model>) => ({ forest: { ...of.forest, ...part } });

  test("comes back as it was", async () => {
    expect((await written(() => ({}))).forest.left).toEqual(model().forest.left);
  });

  test.each([
    [
      "a node leads back",
      forest({ left: Int32Array.of(1, 0, 2, 3, 4, 6, 8, 7, 8, 9, 11, 13, 12, 13, 14) }),
      /node 1 of tree 0 leads to node 0/,
    ],
    [
      "a node leads out of its tree",
      forest({ left: Int32Array.of(1, 4, 2, 3, 4, 6, 8, 7, 8, 9, 11, 13, 12, 13, 14) }),
      /node 1 of tree 0 leads to node 4/,
    ],
    ["a feature is not there", forest({ feature: new Uint16Array(15).fill(4) }), /asks for feature 4 of 4/],
    ["a leaf is not there", forest({ leaf: new Int32Array(15).fill(3) }), /has leaf 3 of 3/],
    [
      "shares do not add up",
      forest({ distributions: Float32Array.of(1, 0, 0.25, 0.5, 0.5, 0.5) }),
      /leaf 1 add up to 0\.75/,
    ],
    [
      "a share is not a number",
      forest({ distributions: Float32Array.of(1, 0, Number.NaN, 1, 0.5, 0.5) }),
      /not from 0 to 1/,
    ],
    [
      "a root is not there",
      forest({ roots: Int32Array.of(0, 5, 15) }),
      /tree 1 has its root at node 5|tree 2 has its root at node 15/,
    ],
    ["a label has no name", () => ({ labels: Uint8Array.of(1, 7) }), /label 7 has no name/],
    [
      "the mean is of other bands",
      (of: ReturnType<typeof model>) => ({ pca: { ...of.pca, mean: new Float64Array(3) } }),
      /mean spectrum is not one number a band/,
    ],
    ["the axis is none", () => ({ wavenumbers: Float64Array.of(1000, 900) }), /wavenumbers are not an axis/],
  ] as const)("is refused by name where %s", async (_, change, message) => {
    await expect(written(change as never)).rejects.toThrow(message);
    await expect(written(change as never)).rejects.toThrow(/model\.h5/);
  });

  test("whose JSON is broken is told with its file", async () => {
    await expect(readModel(changed("model.h5", '{"pipeline"', { 0: 91 }))).rejects.toThrow(
      /changed-model\.h5.*not JSON/,
    );
  });
});

test("a small file that claims a large map is refused before room is made for it", async () => {
  const path = join(folder, "large.stain.h5");
  await createHdf5(path, (file) => {
    const plane = { shape: [50_000, 50_000], type: "uint8", chunks: [100, 1000], gzip: 1 } as const;
    file.dataset("/classes", {
      ...plane,
      shape: [...plane.shape],
      chunks: [...plane.chunks],
      attributes: { class_names: ["", "a", "b"] },
    });
    file.dataset("/rejected", { ...plane, shape: [...plane.shape], chunks: [...plane.chunks] });
    const attributes = { labels: [1, 2], scale: 255 };
    file.dataset("/probabilities", {
      shape: [50_000, 50_000, 2],
      type: "uint8",
      chunks: [100, 1000, 2],
      gzip: 1,
      attributes,
    });
  });
  await expect(readStain(path)).rejects.toThrow(
    /\/classes of .*large\.stain\.h5 (is 2500 MB, more than can be held|claims)/,
  );
});
