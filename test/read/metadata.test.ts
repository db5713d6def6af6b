import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { axisFrom } from "#cube/axis";
import { createHdf5, type Hdf5Writer } from "#hdf5/create";
import { examine } from "#read/examine";
import { type LayoutOptions, openCube } from "#read/open-cube";
import { openSource } from "#read/open-source";

const folder = mkdtempSync(join(tmpdir(), "metadata-"));
const axis = Float64Array.of(1000, 1100, 1200);
let written = 0;
async function fileOf(fill: (file: Hdf5Writer) => void): Promise<string> {
  const path = join(folder, `${++written}.h5`);
  await createHdf5(path, fill);
  return path;
}
type Attributes = Record<string, string | number | number[] | string[] | undefined>;
/** One row of two pixels of three bands. */
const stored = (values: Float32Array | Int32Array | Uint16Array, attributes: Attributes, more = {}) =>
  fileOf((file) => {
    file.put("/cube", values, { shape: [1, 2, 3], attributes, ...more });
    file.put("/wavenumbers", axis);
  });
async function read(path: string, options: LayoutOptions = {}): Promise<number[]> {
  const reader = await openCube(path, options);
  const { values } = reader.read({ row: 0, rows: reader.cube.rows });
  // The way of the workers, without the library, gives the same bits.
  const source = reader.source?.();
  if (source) {
    const plain = openSource(source);
    expect(plain.read({ row: 0, rows: reader.cube.rows }).values).toEqual(values);
    plain.close();
  }
  reader.close();
  return Array.from(values);
}
/** To the 7 digits of a float32. */
const near = (values: number[]) => values.map((value) => (Number.isNaN(value) ? Number.NaN : expect.closeTo(value, 6)));

describe("the unit of the axis is honoured, or refused by its name", () => {
  test.each([
    ["cm-1", 1600],
    ["1/cm", 1600],
    ["cm^{-1}", 1600],
    ["cm$^{-1}$", 1600],
    ["cm⁻¹", 1600],
    ["Wavenumber (cm-1)", 1600],
    ["1/m", 160000],
    ["m-1", 160000],
    ["1/mm", 160],
    ["1/um", 0.16],
    ["1/nm", 0.00016],
    ["nm^-1", 0.00016],
    // λ = 10⁷ / 1600.
    ["nm", 6250],
    ["nanometers", 6250],
    ["um", 6.25],
    ["μm", 6.25],
    ["micrometre", 6.25],
    ["wavelength [µm]", 6.25],
    ["mm", 0.00625],
    ["m", 0.00000625],
    // E = h c ν / e: 1600 cm-1 are 0.1983746948 eV.
    ["eV", (6.62607015e-34 * 299792458 * 160000) / 1.602176634e-19],
    ["meV", (1000 * 6.62607015e-34 * 299792458 * 160000) / 1.602176634e-19],
    ["THz", (299792458 * 160000) / 1e12],
  ])("1600 cm-1 in %s", (unit, value) => {
    const { wavenumbers } = axisFrom([value, value * 1.01], "a file", unit);
    const high = ["nm", "nanometers", "um", "μm", "micrometre", "wavelength [µm]", "mm", "m"].includes(unit);
    expect(wavenumbers[high ? 1 : 0]).toBeCloseTo(1600, 8);
  });

  test.each(["furlong", "pixel", "s", "K"])("%s", (unit) => {
    expect(() => axisFrom([1000, 1100], "a file", unit)).toThrow(`the axis unit is "${unit}"`);
  });

  test("near infrared in cm-1 is what it says", () => {
    expect(axisFrom([4000, 10000], "a file", "cm-1").wavenumbers[1]).toBe(10000);
    expect(() => axisFrom([4000, 10000], "a file")).toThrow(/looks like nm/);
  });
});

describe("stored numbers stand for what the attributes say", () => {
  const counts = Int32Array.of(1000, 2000, 3000, -9999, 5000, 6000);
  test.each([
    ["netCDF", { scale_factor: 0.0001, add_offset: 0.5, _FillValue: -9999 }, [0.6, 0.7, 0.8, Number.NaN, 1, 1.1]],
    ["netCDF, missing_value", { scale_factor: 0.001, missing_value: -9999 }, [1, 2, 3, Number.NaN, 5, 6]],
    ["netCDF, valid_range", { scale_factor: 0.001, valid_range: [0, 5500] }, [1, 2, 3, Number.NaN, 5, Number.NaN]],
    ["netCDF, valid_min", { valid_min: 1500 }, [Number.NaN, 2000, 3000, Number.NaN, 5000, 6000]],
    ["NEON", { Scale_Factor: 10000, Data_Ignore_Value: -9999 }, [0.1, 0.2, 0.3, Number.NaN, 0.5, 0.6]],
    ["NeXus", { scaling_factor: 0.001, offset: 1 }, [2, 3, 4, -8.999, 6, 7]],
  ])("%s", async (_, attributes, expected) => {
    expect(await read(await stored(counts, attributes))).toEqual(near(expected));
    const packed = await stored(counts, attributes, { chunks: [1, 1, 3], gzip: 1 });
    expect(await read(packed)).toEqual(near(expected));
  });

  test("before transmittance becomes absorbance, and before per cent are told", async () => {
    const path = await stored(Uint16Array.of(1000, 100, 10000, 1000, 1000, 1000), {
      quantity: "transmittance",
      scale_factor: 0.0001,
    });
    expect(await read(path)).toEqual(near([1, 2, 0, 1, 1, 1]));
  });

  test("what nothing explains is refused with the attribute's name, what changes nothing is not", async () => {
    await expect(openCube(await stored(counts, { slope: 0.1 }))).rejects.toThrow(
      /attribute slope = 0\.1.*call it scale_factor/,
    );
    await expect(openCube(await stored(counts, { scale_factor: [1, 2, 3] }))).rejects.toThrow(
      /scale_factor of .* is 1, 2, 3/,
    );
    await expect(openCube(await stored(counts, { scale_factor: 0 }))).rejects.toThrow(/scaled by 0/);
    expect((await read(await stored(counts, { slope: 1, intercept: 0 })))[0]).toBe(1000);
  });
});

describe("what the numbers are", () => {
  const half = Float32Array.of(0.1, 1, 0.01, 0.1, 0.1, 0.1);
  test.each([
    [{ quantity: "Absorbance" }, 0.1],
    [{ quantity: "Transmittance" }, 1],
    [{ quantity: "transmission" }, 1],
    [{ quantity: "transmittance", units: "1" }, 1],
    [{ long_name: "Absorbance (a.u.)" }, 0.1],
    [{ long_name: "Transmittance" }, 1],
    [{ quantity: "log(1/R)" }, 0.1],
  ])("%o", async (attributes, first) => {
    expect((await read(await stored(half, attributes)))[0]).toBeCloseTo(first, 6);
  });

  test.each(["%", "percent", "% transmittance"])("per cent, as the unit %s", async (units) => {
    const path = await stored(
      half.map((t) => 100 * t),
      { quantity: "transmittance", units },
    );
    expect(await read(path)).toEqual(near([1, 0, 2, 1, 1, 1]));
  });

  test.each([
    [{ quantity: "reflectance" }, /"reflectance".*say --quantity \(transmittance gives −log₁₀ R\)/],
    [{ long_name: "% Reflectance" }, /"% Reflectance"/],
    [{ quantity: "single beam" }, /"single beam"; known are absorbance and transmittance/],
    [{ units: "%" }, /the unit of \/cube of .* is "%", which is no unit of absorbance/],
    [{ quantity: "transmittance", units: "W/m2" }, /is "W\/m2", and it is transmittance/],
  ])("%o is refused", async (attributes, message) => {
    await expect(openCube(await stored(half, attributes))).rejects.toThrow(message);
    (await openCube(await stored(half, { ...attributes, units: undefined }), { quantity: "absorbance" })).close();
  });

  test("a dataset called reflectance, in the form of NEON, is refused unless it is said what to take it for", async () => {
    const path = await fileOf((file) => {
      file.put("/SITE/Reflectance/Reflectance_Data", Int32Array.of(1000, 100, 10000, -9999, 1000, 1000), {
        shape: [1, 2, 3],
        attributes: { Scale_Factor: 10000, Data_Ignore_Value: -9999 },
      });
      file.put("/SITE/Reflectance/Metadata/Spectral_Data/Wavelength", Float64Array.of(8000, 8100, 8200), {
        attributes: { Units: "nanometers" },
      });
    });
    const options = { dataset: "/SITE/Reflectance/Reflectance_Data", order: "rcb" };
    await expect(openCube(path, options)).rejects.toThrow(/"Reflectance_Data"/);
    // −log₁₀ of the numbers over 10⁴, the longest wavelength first.
    expect(await read(path, { ...options, quantity: "transmittance" })).toEqual(near([0, 2, 1, 1, 1, Number.NaN]));
  });
});

describe("NeXus", () => {
  const [rows, cols, bands] = [2, 3, 4];
  const wavenumbers = Float64Array.of(1000, 1100, 1200, 1300);
  const value = (row: number, col: number, band: number) => row + col / 10 + band / 100;
  /** The cube with its dimensions in the order of the letters. */
  const inOrder = (order: string) => {
    const length: Record<string, number> = { r: rows, c: cols, b: bands };
    const shape = [...order].map((letter) => length[letter]);
    const values = Float32Array.from({ length: rows * cols * bands }, (_, i) => {
      const at: Record<string, number> = {};
      let rest = i;
      for (const letter of [...order].reverse()) {
        at[letter] = rest % length[letter];
        rest = Math.floor(rest / length[letter]);
      }
      return value(at.r, at.c, at.b);
    });
    return { values, shape };
  };
  const place = (step: number, length: number) => Float64Array.from({ length }, (_, i) => 100 - i * step);
  const put = (
    file: Hdf5Writer,
    order: string,
    group = "/entry/data",
    signal = {},
    marks: Attributes[] = [{}, {}, {}],
  ) => {
    const { values, shape } = inOrder(order);
    file.put(`${group}/absorbance`, values, { shape, attributes: signal });
    file.put(`${group}/y`, place(5.5, rows), { attributes: { units: "um", ...marks[0] } });
    file.put(`${group}/x`, place(5.5, cols), { attributes: { units: "um", ...marks[1] } });
    file.put(
      `${group}/energy`,
      wavenumbers.map((cm) => cm / 8065.543937349212),
      { attributes: { units: "eV", ...marks[2] } },
    );
    file.attributes(group, { NX_class: "NXdata" });
  };
  const expectUpright = async (path: string) => {
    const reader = await openCube(path);
    expect(reader.cube).toMatchObject({ rows, cols, pixelSizeUm: 5.5 });
    for (const [band, cm] of wavenumbers.entries()) expect(reader.cube.axis.wavenumbers[band]).toBeCloseTo(cm, 6);
    const { values } = reader.read({ row: 0, rows });
    for (let i = 0; i < values.length; i++) {
      const [pixel, band] = [Math.floor(i / bands), i % bands];
      expect(values[i]).toBe(Math.fround(value(Math.floor(pixel / cols), pixel % cols, band)));
    }
    reader.close();
  };

  test.each([
    ["axes in the order of the dimensions", "rcb", { signal: "absorbance", axes: ["y", "x", "energy"] }],
    ["bands first, x before y", "bcr", { signal: "absorbance", axes: ["energy", "x", "y"] }],
    [
      "axes out of order, each with its indices",
      "rbc",
      { signal: "absorbance", axes: ["energy", "y", "x"], energy_indices: 1, y_indices: 0, x_indices: 2 },
    ],
  ])("%s", async (_, order, about) => {
    await expectUpright(
      await fileOf((file) => {
        put(file, order);
        file.attributes("/entry/data", about);
      }),
    );
  });

  test("the old form: signal = 1, and axes with colons or marked by their dimension", async () => {
    await expectUpright(await fileOf((file) => put(file, "rcb", "/entry/data", { signal: 1, axes: "y:x:energy" })));
    await expectUpright(
      await fileOf((file) => put(file, "brc", "/entry/data", { signal: 1 }, [{ axis: 2 }, { axis: 3 }, { axis: 1 }])),
    );
  });

  test("of several, the one that default leads to; without it all are named", async () => {
    const two = (entry: string | undefined) =>
      fileOf((file) => {
        for (const group of ["/entry/first", "/entry/second"]) {
          put(file, "rcb", group);
          file.attributes(group, { signal: "absorbance", axes: ["y", "x", "energy"] });
        }
        file.attributes("/", { default: entry });
        file.attributes("/entry", { NX_class: "NXentry", default: entry && "second" });
      });
    const path = await two("entry");
    await expectUpright(path);
    expect((await examine(path)).dataset?.path).toBe("/entry/second/absorbance");
    await expect(openCube(await two(undefined))).rejects.toThrow(
      /several cubes and no default: \/entry\/first\/absorbance, \/entry\/second/,
    );
  });
});

test("HyperSpy: scales, offsets and units of the axes, what the signal is, and the size of a pixel", async () => {
  const path = await fileOf((file) => {
    file.put("/Experiments/s/data", Float32Array.of(0.1, 1, 0.01, 0.1, 0.1, 0.1), { shape: [1, 2, 3] });
    file.attributes("/Experiments/s/axis-0", {
      name: "y",
      navigate: "True",
      scale: 0.0055,
      offset: 0,
      units: "mm",
      size: 1,
    });
    file.attributes("/Experiments/s/axis-1", {
      name: "x",
      navigate: "True",
      scale: 0.0055,
      offset: 0,
      units: "mm",
      size: 2,
    });
    file.attributes("/Experiments/s/axis-2", {
      name: "wl",
      navigate: "False",
      scale: -0.5,
      offset: 9,
      units: "µm",
      size: 3,
    });
    file.attributes("/Experiments/s/metadata/Signal", { quantity: "Transmittance (%)" });
  });
  const reader = await openCube(path);
  // 9, 8.5 and 8 µm.
  expect([...reader.cube.axis.wavenumbers]).toEqual([expect.closeTo(1e4 / 9, 8), expect.closeTo(1e4 / 8.5, 8), 1250]);
  expect(reader.cube).toMatchObject({ pixelSizeUm: 5.5, storedQuantity: "transmittance" });
  reader.close();
  expect(await read(path)).toEqual(near([3, 2, 4, 3, 3, 3]));
});

test("a cube behind a block of the user's, such as MATLAB's header, is read by both ways", async () => {
  const whole = readFileSync(await stored(Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), { quantity: "absorbance" }));
  for (const block of [512, 1024, 4096]) {
    const path = join(folder, `block-${block}.h5`);
    // Addresses count from the superblock, which says at 24 where it is, and at 40 where the file ends.
    const moved = Buffer.concat([Buffer.alloc(block, "MATLAB 7.3 MAT-file "), whole]);
    moved.writeBigUInt64LE(BigInt(block), block + 24);
    moved.writeBigUInt64LE(BigInt(moved.length), block + 40);
    writeFileSync(path, moved);
    expect(await read(path)).toEqual(near([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]));
  }
});

test("inspect says where each thing was found", async () => {
  const found = await examine(
    await stored(Int32Array.of(1, 2, 3, 4, 5, 6), { scale_factor: 0.1, long_name: "Absorbance" }),
  );
  expect(found.evidence).toMatchObject({
    order: "rcb",
    axis: "/wavenumbers, no unit given, taken for cm-1",
    quantity: 'attribute long_name "Absorbance"',
    values: "× 0.1 (scale_factor)",
  });
});
