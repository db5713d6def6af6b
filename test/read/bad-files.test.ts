import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHdf5, type Hdf5Writer } from "#hdf5/create";
import { openHdf5 } from "#hdf5/open";
import { examine } from "#read/examine";
import { openCube } from "#read/open-cube";

const folder = mkdtempSync(join(tmpdir(), "bad-"));
let written = 0;
async function fileOf(fill: (file: Hdf5Writer) => void): Promise<string> {
  const path = join(folder, `${++written}.h5`);
  await createHdf5(path, fill);
  return path;
}
/** A small cube on an axis of one's choice. */
const onAxis = (axis: number[], attributes = {}) =>
  fileOf((file) => {
    file.put("/cube", new Float32Array(4 * axis.length).fill(0.1), { shape: [2, 2, axis.length] });
    file.put("/wavenumbers", Float64Array.from(axis), { attributes });
  });
const withLabels = (shape: number[], labels: number[], names?: string[]) =>
  fileOf((file) => {
    file.put("/cube", new Float32Array(12).fill(0.1), { shape: [2, 2, 3] });
    file.put("/wavenumbers", Float64Array.of(1000, 1100, 1200));
    file.put("/labels", Uint8Array.from(labels), { shape, attributes: { class_names: names } });
  });

describe("files that are no cubes", () => {
  test("a file that does not exist, and a folder", async () => {
    await expect(openCube(join(folder, "nowhere.h5"))).rejects.toThrow(/nowhere\.h5/);
    mkdirSync(join(folder, "folder.h5"));
    await expect(openCube(join(folder, "folder.h5"))).rejects.toThrow(/folder\.h5/);
  });

  test("a file that is not HDF5 says so", async () => {
    const path = join(folder, "text.h5");
    writeFileSync(path, "these are not the spectra you are looking for");
    await expect(openCube(path)).rejects.toMatchObject({
      kind: "format",
      message: expect.stringMatching(/text\.h5.*HDF5/),
    });
  });

  test("a truncated file says so, wherever it was cut", async () => {
    const whole = readFileSync(
      await fileOf((file) => {
        file.put("/cube", new Float32Array(5000).fill(1), { shape: [10, 10, 50] });
        file.put(
          "/wavenumbers",
          Float64Array.from({ length: 50 }, (_, i) => 1000 + 10 * i),
        );
      }),
    );
    for (const length of [100, 600, 3000, whole.length - 100]) {
      const path = join(folder, `cut-${length}.h5`);
      writeFileSync(path, whole.subarray(0, length));
      await expect(openCube(path), `${length} bytes`).rejects.toThrow(new RegExp(`cut-${length}\\.h5`));
    }
  });

  test("a dataset that is not there: those that are there are listed", async () => {
    const path = await onAxis([1000, 1100, 1200]);
    await expect(openCube(path, { dataset: "/spectra" })).rejects.toMatchObject({
      kind: "missing",
      message: expect.stringMatching(/\/spectra.*\/cube.*\/wavenumbers/s),
    });
    const file = await openHdf5(path);
    expect(() => file.info("/x/y")).toThrow(/\/cube/);
    file.close();
  });
});

describe("axes", () => {
  test("of another length than the bands", async () => {
    const path = await fileOf((file) => {
      file.put("/cube", new Float32Array(12), { shape: [2, 2, 3] });
      file.put("/wavenumbers", Float64Array.of(1000, 1100));
    });
    await expect(openCube(path)).rejects.toThrow(/has 2 wavenumbers, but \/cube read as "rcb" has 3 bands/);
  });

  test.each([
    ["a duplicate", [1000, 1100, 1100], /wavenumber 1100 occurs twice/],
    ["a NaN", [1000, Number.NaN, 1200], /wavenumber 1 is NaN/],
    ["out of order", [1000, 1200, 1100], /not in order/],
    ["zero", [0, 1100, 1200], /above zero/],
    ["µm", [5.5, 6, 6.5], /looks like µm; say so with --axis-units um/],
    ["nm", [5500, 6000, 6500], /looks like nm; say so with --axis-units nm/],
  ])("with %s", async (_, axis, message) => {
    await expect(openCube(await onAxis(axis))).rejects.toThrow(message);
  });

  test("in µm or nm are converted when the file or the user says so", async () => {
    for (const [axis, options, units] of [
      [[8, 6.25, 5], {}, "um"],
      [[8, 6.25, 5], { axisUnits: "um" }, undefined],
      [[8000, 6250, 5000], { axisUnits: "nm" }, undefined],
    ] as const) {
      const reader = await openCube(await onAxis([...axis], { units }), options);
      expect([...reader.cube.axis.wavenumbers]).toEqual([1250, 1600, 2000]);
      reader.close();
    }
    await expect(openCube(await onAxis([8, 6.25, 5], { units: "furlong" }))).rejects.toThrow(
      /known are cm-1, um and nm/,
    );
  });
});

describe("labels and masks", () => {
  test("of another size than the image", async () => {
    await expect(openCube(await withLabels([1, 3], [0, 1, 1], ["", "a"]))).rejects.toThrow(
      /\/labels of .* is \[1,3\], the image \[2,2\]/,
    );
  });

  test("a label value without a name", async () => {
    await expect(openCube(await withLabels([2, 2], [0, 1, 3, 1], ["unlabelled", "a"]))).rejects.toThrow(
      /holds label 3, but class_names ends with 1 \("a"\)/,
    );
  });

  test("an empty mask", async () => {
    const path = await fileOf((file) => {
      file.put("/cube", new Float32Array(12).fill(0.1), { shape: [2, 2, 3] });
      file.put("/wavenumbers", Float64Array.of(1000, 1100, 1200));
      file.put("/mask", new Uint8Array(4), { shape: [2, 2] });
    });
    const reader = await openCube(path);
    expect(() => reader.mask()).toThrow(/\/mask .* is 0 everywhere: it leaves no pixel/);
    reader.close();
  });
});

test("a quantity that is not known, and a pixel size that is none", async () => {
  const quantity = await fileOf((file) => {
    file.put("/cube", new Float32Array(12), { shape: [2, 2, 3], attributes: { quantity: "reflectance" } });
    file.put("/wavenumbers", Float64Array.of(1000, 1100, 1200));
  });
  await expect(openCube(quantity)).rejects.toThrow(/"reflectance"; known are absorbance and transmittance/);
  const size = await fileOf((file) => {
    file.attributes("/", { pixel_size_um: -1 });
    file.put("/cube", new Float32Array(12), { shape: [2, 2, 3] });
    file.put("/wavenumbers", Float64Array.of(1000, 1100, 1200));
  });
  await expect(openCube(size)).rejects.toThrow(/pixel_size_um .* is -1/);
});

describe("inspect tells what is wrong", () => {
  const axis = Float64Array.from({ length: 90 }, (_, i) => 1000 + 10 * i);
  const tissue = (x: number) => 0.05 + 0.6 * Math.exp(-(((x - 1655) / 30) ** 2));
  const cubeOf = (value: (x: number, pixel: number) => number, attributes = {}) =>
    fileOf((file) => {
      const values = new Float32Array(16 * 90);
      for (let pixel = 0; pixel < 16; pixel++)
        for (let b = 0; b < 90; b++) values[pixel * 90 + b] = value(axis[b], pixel);
      file.attributes("/", { patient: "P1", pixel_size_um: 5.5, origin: "simulated", ...attributes });
      file.put("/cube", values, { shape: [4, 4, 90] });
      file.put("/wavenumbers", axis);
    });
  /** Uniform in ±1e-3, by a formula. */
  const noise = (x: number, pixel: number) => {
    const long = Math.sin(12.9898 * x + 78.233 * pixel) * 43758.5453;
    return 2e-3 * (long - Math.floor(long) - 0.5);
  };

  test("of a good cube: nothing", async () => {
    const found = await examine(await cubeOf((x, pixel) => tissue(x) + noise(x, pixel)));
    expect(found.problems).toEqual([]);
    expect(found).toMatchObject({ rows: 4, cols: 4, bands: 90, quantity: "absorbance", origin: "simulated" });
    expect(found.axis).toMatchObject({ first: 1000, last: 1890, spacing: 10, order: "ascending" });
    expect(found.spectra.tissue).toMatchObject({ pixels: 16, amideI: 1660 });
    expect(found.spectra.signalToNoise).toBeGreaterThan(100);
  });

  test.each([
    [
      "transmittance marked absorbance",
      (x: number, p: number) => 10 ** -tissue(x) + noise(x, p),
      /looks like transmittance/,
    ],
    ["saturated spectra", (x: number) => 6 * tissue(x), /exceed an absorbance of 2\.5/],
    ["constant spectra", (x: number, p: number) => (p < 8 ? 0.3 : tissue(x)), /50 % of the spectra are constant/],
    ["negative spectra", (x: number, p: number) => (p < 8 ? tissue(x) - 1 : tissue(x)), /negative mean/],
    [
      "NaN in some pixels",
      (x: number, p: number) => (p < 4 && x > 1500 ? Number.NaN : tissue(x)),
      /25 % of the pixels hold NaN/,
    ],
    ["infinity everywhere", () => Number.POSITIVE_INFINITY, /no spectrum is finite/],
    ["noise", (x: number, p: number) => tissue(x) + 150 * noise(x, p), /signal-to-noise ratio is only/],
    [
      "a displaced amide I",
      (x: number, p: number) => tissue(x + 30) + noise(x, p),
      /amide I maximum lies at 16\d\d cm-1/,
    ],
  ])("%s", async (_, value, problem) => {
    const { problems } = await examine(await cubeOf(value));
    expect(problems.join("\n")).toMatch(problem);
  });

  test("NaN in one band of every spectrum leaves the figures of the others", async () => {
    const clean = await examine(await cubeOf((x, p) => tissue(x) + noise(x, p)));
    const holed = await examine(await cubeOf((x, p) => (x > 1795 ? Number.NaN : tissue(x) + noise(x, p))));
    expect(holed.spectra.shares.notFinite).toBe(1);
    expect(holed.spectra.tissue).toEqual(clean.spectra.tissue);
    expect(holed.problems.join("\n")).toMatch(/no spectrum is finite in all bands/);
  });

  test("a file that does not say whose it is, how large its pixels are and where it comes from", async () => {
    const { problems } = await examine(await onAxis([1000, 1100, 1200, 1300]));
    expect(problems.join("\n")).toMatch(/no pixel_size_um.*no patient.*origin of the data is not stated/s);
  });
});
