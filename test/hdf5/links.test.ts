import { mkdirSync, mkdtempSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ready } from "h5wasm/node";
import { describe, expect, test } from "vitest";
import { createHdf5, type Hdf5Writer } from "#hdf5/create";
import { cubeKey } from "#read/cube-key";
import { openCube } from "#read/open-cube";
import { withExternalStorage } from "./external-storage.js";
import { type Source, writeVirtual } from "./virtual-dataset.js";

const module = await ready;
const folder = mkdtempSync(join(tmpdir(), "links-"));
const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
const [rows, cols, bands] = [4, 3, 5];
const shape = [rows, cols, bands];
const axis = Float64Array.of(1000, 1100, 1200, 1300, 1400);
const values = Float32Array.from({ length: rows * cols * bands }, (_, i) => 0.1 + i / 100);

let written = 0;
/** A file with an axis and what else is put into it. */
async function fileOf(fill: (file: Hdf5Writer) => void, where = folder): Promise<string> {
  const path = join(where, `${++written}.h5`);
  await createHdf5(path, (file) => {
    file.put("/wavenumbers", axis);
    fill(file);
  });
  return path;
}
const whole = (where = folder) =>
  fileOf((file) => file.put("/scan/spectra", values, { shape, chunks: [2, 3, 5], gzip: 1 }), where);

/** Add links to a file that exists. */
function link(path: string, add: (id: bigint) => void): void {
  const id = module.open(path, module.H5F_ACC_RDWR, false);
  add(id);
  module.close_file(id);
}

async function spectraOf(path: string, options = {}): Promise<Float32Array> {
  const reader = await openCube(path, options);
  const { values: read } = reader.read({ row: 0, rows });
  reader.close();
  return read;
}

describe("links are followed to a known layout", () => {
  test("a soft link to the cube, to a group on the way, and to another soft link", async () => {
    const path = await whole();
    link(path, (id) => {
      module.create_soft_link(id, "/scan", "/again");
      module.create_soft_link(id, "again/spectra", "/second");
      module.create_soft_link(id, "/second", "/cube");
    });
    expect(await spectraOf(path)).toEqual(values);
  });

  test("a second name of the cube", async () => {
    const path = await whole();
    link(path, (id) => module.create_hard_link(id, "/scan/spectra", "/data"));
    expect(await spectraOf(path, { dataset: "/data" })).toEqual(values);
  });

  test("an external link to a file in the same folder, and one below it, whatever the folder of the run", async () => {
    mkdirSync(join(folder, "parts"), { recursive: true });
    for (const where of [folder, join(folder, "parts")]) {
      const target = await whole(where);
      const path = await fileOf(() => undefined);
      const name = target.slice(folder.length + 1);
      link(path, (id) => {
        module.create_external_link(id, name, "/scan", "/outside");
        module.create_soft_link(id, "/outside/spectra", "/cube");
      });
      expect(await spectraOf(path)).toEqual(values);
    }
  });

  test("a file that moved together with its parts: an absolute name that is gone is looked for in the folder", async () => {
    const target = await whole();
    const path = await fileOf(() => undefined);
    link(path, (id) => module.create_external_link(id, "/gone/long/ago/part.h5", "/scan/spectra", "/cube"));
    renameSync(target, join(folder, "part.h5"));
    expect(await spectraOf(path)).toEqual(values);
  });

  test("links that lead nowhere are named: soft, external to no file, external to no dataset, and in a circle", async () => {
    const soft = await fileOf(() => undefined);
    link(soft, (id) => module.create_soft_link(id, "/scan/gone", "/cube"));
    await expect(openCube(soft)).rejects.toThrow(
      /the soft link \/cube of .* leads to \/scan\/gone, but .* has no \/scan/,
    );
    const external = await fileOf(() => undefined);
    link(external, (id) => module.create_external_link(id, "gone.h5", "/cube", "/cube"));
    await expect(openCube(external)).rejects.toThrow(
      /the external link \/cube of .* names gone\.h5, and there is no such file/,
    );
    const target = await whole();
    const empty = await fileOf(() => undefined);
    link(empty, (id) => module.create_external_link(id, target.slice(folder.length + 1), "/nothing", "/cube"));
    await expect(openCube(empty)).rejects.toThrow(
      /external link \/cube .* leads to .*:\/nothing, but .* has no \/nothing/,
    );
    const circle = await fileOf(() => undefined);
    link(circle, (id) => {
      module.create_soft_link(id, "/there", "/cube");
      module.create_soft_link(id, "/cube", "/there");
    });
    await expect(openCube(circle)).rejects.toThrow(/lead from \/cube in a circle/);
  });

  test("a target outside of the folder is refused with its name, through a symbolic link too, and read when asked for", async () => {
    const target = await whole(elsewhere);
    symlinkSync(target, join(folder, "inside-by-name.h5"));
    for (const name of [target, `../${target.slice(tmpdir().length + 1)}`, "inside-by-name.h5"]) {
      const path = await fileOf(() => undefined);
      link(path, (id) => module.create_external_link(id, name, "/scan/spectra", "/cube"));
      await expect(openCube(path)).rejects.toThrow(
        /the external link \/cube of .* names .*h5, which is not in the folder .*--follow-links/,
      );
      expect(await spectraOf(path, { followLinks: true })).toEqual(values);
    }
  });

  test("a dataset behind a link says where it is", async () => {
    const path = await whole();
    link(path, (id) => module.create_soft_link(id, "/scan/spectra", "/cube"));
    const reader = await openCube(path);
    expect(reader.dataset).toMatchObject({ path: "/cube", behind: "/scan/spectra" });
    reader.close();
  });
});

describe("a virtual dataset", () => {
  const half = values.length / 2;
  const tile = (part: Float32Array, where = folder) =>
    fileOf((file) => file.put("/spectra", part, { shape: [rows / 2, cols, bands] }), where);
  const mosaic = async (sources: Source[]) => {
    const path = join(folder, `${++written}.h5`);
    await writeVirtual(path, "cube", shape, sources, axis);
    return path;
  };

  test("is read when all of its sources are there", async () => {
    const [upper, lower] = [await tile(values.slice(0, half)), await tile(values.slice(half))];
    const path = await mosaic([
      { file: upper.slice(folder.length + 1), dataset: "spectra", row: 0, rows: 2 },
      { file: lower.slice(folder.length + 1), dataset: "spectra", row: 2, rows: 2 },
    ]);
    expect(await spectraOf(path)).toEqual(values);
    const reader = await openCube(path);
    expect(reader.dataset?.sources).toEqual([upper, lower]);
    reader.close();
  });

  test.each([
    ["a file", "gone.h5", "spectra", /names gone\.h5, and there is no such file/],
    ["a dataset", undefined, "gone", /is made of gone in .*, which has no such dataset/],
  ])("of which %s is missing is refused, never filled", async (_, file, dataset, message) => {
    const upper = (await tile(values.slice(0, half))).slice(folder.length + 1);
    const path = await mosaic([
      { file: upper, dataset: "spectra", row: 0, rows: 2 },
      { file: file ?? upper, dataset, row: 2, rows: 2 },
    ]);
    await expect(openCube(path)).rejects.toThrow(message);
  });

  test("with a source outside of the folder is refused, and read when asked for", async () => {
    const [upper, lower] = [await tile(values.slice(0, half)), await tile(values.slice(half), elsewhere)];
    const path = await mosaic([
      { file: upper.slice(folder.length + 1), dataset: "spectra", row: 0, rows: 2 },
      { file: lower, dataset: "spectra", row: 2, rows: 2 },
    ]);
    await expect(openCube(path)).rejects.toThrow(/the virtual dataset \/cube of .* names .*elsewhere-.*--follow-links/);
    expect(await spectraOf(path, { followLinks: true })).toEqual(values);
  });
});

test("a mosaic is another cube when one of its tiles is", async () => {
  const path = join(folder, "mosaic.h5");
  const tile = (name: string, part: Float32Array) =>
    createHdf5(join(folder, name), (file) => file.put("/spectra", part, { shape: [rows / 2, cols, bands] }));
  const sources = ["upper.h5", "lower.h5"].map((file, i) => ({ file, dataset: "spectra", row: 2 * i, rows: 2 }));
  await writeVirtual(path, "cube", shape, sources, axis);
  await tile("upper.h5", values.slice(0, 30));
  await tile("lower.h5", values.slice(30));
  const first = await cubeKey(path, {});
  expect(await cubeKey(path, {}, { known: [first] })).toEqual(first);
  await tile("lower.h5", values.slice(30).fill(1));
  const second = await cubeKey(path, {}, { known: [first] });
  expect(second.content).not.toBe(first.content);
});

describe("external storage", () => {
  const raw = (name: string, where = folder) => {
    const path = join(where, name);
    writeFileSync(path, new Uint8Array(values.buffer));
    return path;
  };
  const stored = async (name: string) => {
    const path = join(folder, `${++written}.h5`);
    await withExternalStorage(path, "/cube", shape, name, axis);
    return path;
  };

  test("in the folder of the file is read, wherever the program runs", async () => {
    raw("values.bin");
    expect(await spectraOf(await stored("values.bin"))).toEqual(values);
  });

  test("outside is refused with its name, and read when asked for", async () => {
    const secret = raw("secret.bin", elsewhere);
    const path = await stored(secret);
    await expect(openCube(path)).rejects.toThrow(
      /the external storage of \/cube of .* names .*secret\.bin, which is not in the folder/,
    );
    expect(await spectraOf(path, { followLinks: true })).toEqual(values);
  });

  test("that is gone or too short is told, not made up", async () => {
    await expect(openCube(await stored("nowhere.bin"))).rejects.toThrow(
      /names nowhere\.bin, and there is no such file/,
    );
    writeFileSync(join(folder, "short.bin"), new Uint8Array(100));
    await expect(openCube(await stored("short.bin"))).rejects.toThrow(
      /240 bytes from 0 of .*short\.bin, which has 100/,
    );
  });
});
