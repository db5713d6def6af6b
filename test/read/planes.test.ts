import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHdf5, type Hdf5Writer } from "#hdf5/create";
import { rechunk } from "#pipeline/rechunk";
import { type LayoutOptions, openCube } from "#read/open-cube";
import { layoutOfRow } from "#read/row-layout";

const folder = mkdtempSync(join(tmpdir(), "planes-"));
const [rows, cols, bands] = [4, 3, 5];
const axis = Float64Array.of(1000, 1100, 1200, 1300, 1400);
/** The label of a pixel is its number modulo 3, so that nothing can be turned unseen. */
const labels = Uint8Array.from({ length: rows * cols }, (_, i) => i % 3);
const mask = Uint8Array.from({ length: rows * cols }, (_, i) => (i === 1 ? 0 : 1));
const names = { class_names: ["unlabelled", "cancer", "stroma"] };

let written = 0;
async function fileOf(fill: (file: Hdf5Writer) => void): Promise<string> {
  const path = join(folder, `${++written}.h5`);
  await createHdf5(path, (file) => {
    file.attributes("/", {
      patient: "P1",
      core: "C1",
      slide: "S1",
      mode: "HD",
      pixel_size_um: 5.5,
      origin: "simulated",
    });
    fill(file);
  });
  return path;
}

/** A value a pixel and band: pixel + band / 10, in the order of some letters. */
function spectra(order: string): { values: Float32Array; shape: number[] } {
  const length: Record<string, number> = { r: rows, c: cols, b: bands, p: rows * cols };
  const shape = [...order].map((letter) => length[letter]);
  const values = new Float32Array(rows * cols * bands);
  for (let i = 0; i < values.length; i++) {
    const at: Record<string, number> = { r: 0, c: 0 };
    let rest = i;
    for (const letter of [...order].reverse()) {
      at[letter] = rest % length[letter];
      rest = Math.floor(rest / length[letter]);
    }
    values[i] = (at.p ?? at.r * cols + at.c) + at.b / 10;
  }
  return { values, shape };
}

const turned = (plane: Uint8Array) => {
  const out = new Uint8Array(plane.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[c * rows + r] = plane[r * cols + c];
  return out;
};

async function expectAll(path: string, options: LayoutOptions = {}): Promise<void> {
  const reader = await openCube(path, options);
  expect(reader.labels()).toEqual(labels);
  expect(reader.mask()).toEqual(mask);
  expect(reader.cube).toMatchObject({
    patient: "P1",
    core: "C1",
    slide: "S1",
    mode: "HD",
    pixelSizeUm: 5.5,
    ...{ rows, cols },
  });
  expect(reader.cube.classNames).toEqual(names.class_names);
  const { values } = reader.read({ row: 0, rows });
  expect(Array.from(values.filter((_, i) => i % bands === 0))).toEqual(Array.from(labels, (_, pixel) => pixel));
  reader.close();
}

type Case = [name: string, fill: (file: Hdf5Writer) => void, options?: LayoutOptions];
const planes = (file: Hdf5Writer, where = "", shape = [rows, cols]) => {
  file.put(`${where}/labels`, labels, { shape, attributes: names });
  file.put(`${where}/mask`, mask, { shape });
};
const cases: Case[] = [
  [
    "Agilent",
    (file) => {
      file.put("/data/intensities", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/data/xvalues", axis);
      planes(file);
    },
  ],
  [
    "Agilent, beside the spectra",
    (file) => {
      file.put("/data/intensities", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/data/xvalues", axis);
      planes(file, "/data");
    },
  ],
  [
    "PyIR, labels as a picture",
    (file) => {
      file.put("/data/intensities", spectra("pb").values, { shape: [rows * cols, bands] });
      file.put("/data/xvalues", axis, { shape: [1, bands] });
      file.put("/data/xpixels", Int32Array.of(cols));
      file.put("/data/ypixels", Int32Array.of(rows));
      planes(file);
    },
  ],
  [
    "PyIR, labels as a list",
    (file) => {
      file.put("/data/intensities", spectra("pb").values, { shape: [rows * cols, bands] });
      file.put("/data/xvalues", axis, { shape: [1, bands] });
      file.put("/data/xpixels", Int32Array.of(cols));
      file.put("/data/ypixels", Int32Array.of(rows));
      planes(file, "", [rows * cols]);
    },
  ],
  [
    "OpenVibSpec",
    (file) => {
      file.put("/HyperSpecCube", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/WVN", axis);
      planes(file);
    },
  ],
  [
    "IRmHiRegistration",
    (file) => {
      file.put("/C", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/WN", axis);
      planes(file);
    },
  ],
  [
    "NeXus",
    (file) => {
      file.put("/entry/data/absorbance", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/entry/data/wavenumber", axis, { attributes: { units: "1/cm" } });
      file.attributes("/entry/data", { NX_class: "NXdata", signal: "absorbance", axes: [".", ".", "wavenumber"] });
      planes(file, "/entry/data");
    },
  ],
  [
    "HyperSpy",
    (file) => {
      file.put("/Experiments/sample/data", spectra("rcb").values, { shape: [rows, cols, bands] });
      for (const [i, navigate] of [1, 1, 0].entries()) {
        file.attributes(`/Experiments/sample/axis-${i}`, {
          navigate,
          offset: i === 2 ? 1000 : 0,
          scale: i === 2 ? 100 : 1,
        });
      }
      planes(file);
    },
  ],
  ...(["rcb", "brc", "rbc", "crb", "bcr", "cbr"] as const).map(
    (order): Case => [
      `a named dataset in the order ${order}`,
      (file) => {
        file.put("/scan/spectra", spectra(order).values, { shape: spectra(order).shape });
        file.put("/scan/wn", axis);
        planes(file);
      },
      { dataset: "/scan/spectra", axis: "/scan/wn", order },
    ],
  ),
  [
    "columns first, labels too",
    (file) => {
      file.put("/scan/spectra", spectra("crb").values, { shape: [cols, rows, bands] });
      file.put("/scan/wn", axis);
      file.put("/labels", turned(labels), { shape: [cols, rows], attributes: names });
      file.put("/mask", turned(mask), { shape: [cols, rows] });
    },
    { dataset: "/scan/spectra", axis: "/scan/wn", order: "crb" },
  ],
  [
    "labels and mask of other names",
    (file) => {
      file.put("/scan/spectra", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/scan/wn", axis);
      file.put("/truth", labels, { shape: [rows, cols], attributes: names });
      file.put("/tissue", mask, { shape: [rows, cols] });
    },
    { dataset: "/scan/spectra", axis: "/scan/wn", order: "rcb", labels: "/truth", mask: "/tissue" },
  ],
];

describe("labels, mask, patient, core, slide, mode and pixel size are read from every layout, and rechunk keeps them", () => {
  test.each(cases)("%s", async (_, fill, options) => {
    const path = await fileOf(fill);
    await expectAll(path, options);
    const out = join(folder, `${written}-rechunked.h5`);
    await rechunk(path, out, { layout: options });
    await expectAll(out);
  });

  test("a list of labels that does not fit says both shapes", async () => {
    const path = await fileOf((file) => {
      file.put("/data/intensities", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/data/xvalues", axis);
      file.put("/labels", new Uint8Array(10), { shape: [10] });
    });
    await expect(openCube(path)).rejects.toThrow(/\/labels of .* is \[10\], the image \[4,3\]/);
    (await openCube(path, { labels: "none" })).close();
  });

  test("labels of a square image that lies columns first: what cannot be told is asked", async () => {
    const square = (order?: string) =>
      fileOf((file) => {
        file.put("/s", new Float32Array(12).fill(0.1), { shape: [2, 2, 3] });
        file.put("/x", Float64Array.of(1000, 1100, 1200));
        file.put("/labels", Uint8Array.of(0, 1, 2, 0), { shape: [2, 2], attributes: { order } });
      });
    const options = { dataset: "/s", axis: "/x", order: "crb" };
    await expect(openCube(await square(), options)).rejects.toThrow(
      /columns first \("crb"\).*the attribute order = "rc"/,
    );
    for (const [order, expected] of [
      ["rc", [0, 1, 2, 0]],
      ["cr", [0, 2, 1, 0]],
    ] as const) {
      const reader = await openCube(await square(order), options);
      expect([...reader.labels()!]).toEqual(expected);
      reader.close();
    }
  });

  test("what the cohort file says of a row stands above what is said for all", () => {
    const row = (extra: Record<string, string>) => ({ path: "/a.h5", name: "a", extra });
    expect(
      layoutOfRow(row({ pixel_size_um: "1,1", quantity: "Transmittance", axis_units: "nm" }), { order: "rcb" }),
    ).toEqual({
      order: "rcb",
      pixelSizeUm: 1.1,
      quantity: "transmittance",
      axisUnits: "nm",
    });
    expect(layoutOfRow(row({ dataset: "/x/y", labels: "reader one" }))).toEqual({ dataset: "/x/y" });
    expect(() => layoutOfRow(row({ pixel_size_um: "small" }))).toThrow(/pixel_size_um = "small" of \/a\.h5/);
    expect(() => layoutOfRow(row({ quantity: "reflectance" }))).toThrow(/known are absorbance and transmittance/);
    expect(() => layoutOfRow(row({ flip: "rows" }))).toThrow(/flip = "rows".*images are not turned here/);
  });

  test("the pixel size that is said stands above that of the file", async () => {
    const path = await fileOf((file) => {
      file.put("/cube", spectra("rcb").values, { shape: [rows, cols, bands] });
      file.put("/wavenumbers", axis);
    });
    const reader = await openCube(path, { pixelSizeUm: 1.1 });
    expect(reader.cube.pixelSizeUm).toBe(1.1);
    reader.close();
  });
});
