import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHdf5, type Hdf5Writer } from "#hdf5/create";
import { type LayoutOptions, openCube } from "#read/open-cube";
import { readTiles } from "#read/read-tiles";

const folder = mkdtempSync(join(tmpdir(), "layouts-"));
const [rows, cols, bands] = [5, 4, 3];
const axis = Float64Array.of(1000, 1100, 1200);
/** A marker in every value: row, column and band can be read off it, so nothing can be flipped or turned unseen. */
const marker = (row: number, col: number, band: number) => row + col / 10 + band / 100;

/** The markers in the order of some letters, the first letter slowest. */
function inOrder(order: string, descending = false): { values: Float32Array; shape: number[] } {
  const length: Record<string, number> = { r: rows, c: cols, b: bands, p: rows * cols };
  const shape = [...order].map((letter) => length[letter]);
  const values = new Float32Array(rows * cols * bands);
  for (let i = 0; i < values.length; i++) {
    const at: Record<string, number> = {};
    let rest = i;
    for (const letter of [...order].reverse()) {
      at[letter] = rest % length[letter];
      rest = Math.floor(rest / length[letter]);
    }
    const [row, col] = "p" in at ? [Math.floor(at.p / cols), at.p % cols] : [at.r, at.c];
    values[i] = marker(row, col, descending ? bands - 1 - at.b : at.b);
  }
  return { values, shape };
}

let written = 0;
async function fileOf(fill: (file: Hdf5Writer) => void): Promise<string> {
  const path = join(folder, `${++written}.h5`);
  await createHdf5(path, fill);
  return path;
}

/** Every pixel of the cube is where its marker says, in blocks of any height. */
async function expectUpright(path: string, options: LayoutOptions = {}, height = 2): Promise<void> {
  const reader = await openCube(path, options);
  const { cube } = reader;
  expect([cube.rows, cube.cols, ...cube.axis.wavenumbers]).toEqual([rows, cols, ...axis]);
  let seen = 0;
  for await (const tile of readTiles(reader, { rows: height })) {
    for (let i = 0; i < tile.rows * cols; i++) {
      for (let band = 0; band < bands; band++, seen++) {
        const expected = marker(tile.row + Math.floor(i / cols), i % cols, band);
        expect(tile.spectra.values[i * bands + band]).toBe(Math.fround(expected));
      }
    }
  }
  expect(seen).toBe(rows * cols * bands);
  reader.close();
}

describe("no order of the dimensions is flipped or turned", () => {
  test.each(["rcb", "crb", "brc", "bcr", "rbc", "cbr"])("%s, named on the command line", async (order) => {
    const { values, shape } = inOrder(order);
    const path = await fileOf((file) => {
      file.put("/deep/down/spectra", values, { shape });
      file.put("/deep/down/x", axis);
    });
    const named = { dataset: "/deep/down/spectra", axis: "/deep/down/x", order };
    for (const height of [1, 2, 5]) await expectUpright(path, named, height);
  });

  test.each(["pb", "bp"])("%s, a list of pixels, with the size of the image", async (order) => {
    const { values, shape } = inOrder(order);
    const path = await fileOf((file) => {
      file.put("/spectra", values, { shape });
      file.put("/wn", axis);
    });
    await expectUpright(path, { dataset: "/spectra", axis: "/wn", order, rows, cols });
    await expectUpright(path, { dataset: "/spectra", axis: "/wn", order, cols });
    await expect(openCube(path, { dataset: "/spectra", axis: "/wn", order, cols: 3 })).rejects.toThrow(
      /lists 20 pixels, which is not 6 rows × 3 cols; say --rows and --cols/,
    );
  });

  test("a descending axis gives the same spectra as an ascending one", async () => {
    const { values, shape } = inOrder("rcb", true);
    const path = await fileOf((file) => {
      file.put("/cube", values, { shape, chunks: [2, 4, 3], gzip: 1 });
      file.put("/wavenumbers", Float64Array.from(axis).reverse());
    });
    await expectUpright(path);
  });
});

describe("known layouts are found without a word", () => {
  const known: [name: string, fill: (file: Hdf5Writer) => void][] = [
    [
      "our own",
      (file) => {
        file.put("/cube", inOrder("rcb").values, { shape: [rows, cols, bands] });
        file.put("/wavenumbers", axis);
      },
    ],
    [
      "Agilent to HDF5",
      (file) => {
        file.put("/data/intensities", inOrder("rcb").values, {
          shape: [rows, cols, bands],
          chunks: [2, 2, 2],
          gzip: 4,
        });
        file.put("/data/xvalues", axis, { shape: [1, bands] });
      },
    ],
    [
      "PyIR",
      (file) => {
        file.put("/data/intensities", inOrder("pb").values, { shape: [rows * cols, bands] });
        file.put("/data/xvalues", axis, { shape: [1, bands] });
        file.put("/data/xpixels", Int32Array.of(cols));
        file.put("/data/ypixels", Int32Array.of(rows));
      },
    ],
    [
      "OpenVibSpec",
      (file) => {
        file.put("/HyperSpecCube", inOrder("rcb").values, { shape: [rows, cols, bands] });
        file.put("/WVN", axis);
      },
    ],
    [
      "IRmHiRegistration",
      (file) => {
        file.put("/C", inOrder("rcb").values, { shape: [rows, cols, bands] });
        file.put("/WN", axis);
      },
    ],
    [
      "hyperspectral image",
      (file) => {
        file.put("/SpectralImage", inOrder("rcb").values, { shape: [rows, cols, bands] });
        file.put("/Wavelengths", axis);
      },
    ],
    [
      "MATLAB v7.3, dimensions reversed",
      (file) => {
        file.put("/C", inOrder("bcr").values, { shape: [bands, cols, rows], attributes: { MATLAB_class: "single" } });
        file.put("/WN", axis, { shape: [bands, 1], attributes: { MATLAB_class: "double" } });
      },
    ],
    [
      "NeXus NXdata with the bands in the middle",
      (file) => {
        file.put("/entry/data/counts", inOrder("rbc").values, { shape: [rows, bands, cols] });
        file.put("/entry/data/wavenumber", axis, { attributes: { units: "1/cm" } });
        file.put(
          "/entry/data/y",
          Float64Array.from({ length: rows }, (_, i) => i),
        );
        file.put(
          "/entry/data/x",
          Float64Array.from({ length: cols }, (_, i) => i),
        );
        file.attributes("/entry/data", { NX_class: "NXdata", signal: "counts", axes: ["y", "wavenumber", "x"] });
      },
    ],
    [
      "HyperSpy",
      (file) => {
        file.put("/Experiments/sample/data", inOrder("rcb").values, { shape: [rows, cols, bands] });
        for (const [i, navigate] of [1, 1, 0].entries()) {
          file.attributes(`/Experiments/sample/axis-${i}`, {
            navigate,
            offset: i === 2 ? 1000 : 0,
            scale: i === 2 ? 100 : 1,
          });
        }
      },
    ],
  ];

  test.each(known)("%s", async (_, fill) => {
    await expectUpright(await fileOf(fill));
  });

  test("anything else is refused with what there is and which flags to give", async () => {
    const path = await fileOf((file) =>
      file.put("/measurement/a", inOrder("rcb").values, { shape: [rows, cols, bands] }),
    );
    await expect(openCube(path)).rejects.toThrow(
      /in no layout that is known here; name its parts with --dataset \/path --axis \/path --order rcb \(it holds \/measurement\/a float32 \[5,4,3\]\)/,
    );
  });
});

describe("what a file may hold", () => {
  test("our attributes, labels and mask", async () => {
    const path = await fileOf((file) => {
      file.attributes("/", {
        patient: "P1",
        core: "C1",
        pixel_size_um: 5.5,
        mode: "SD",
        origin: "Real",
        slide: " ",
        modality: "FTIR",
      });
      file.put("/cube", inOrder("rcb").values, { shape: [rows, cols, bands] });
      file.put("/wavenumbers", axis);
      const labels = new Uint8Array(rows * cols);
      labels[1 * cols + 2] = 2;
      file.put("/labels", labels, { shape: [rows, cols], attributes: { class_names: ["unlabelled", "a", "b"] } });
      file.put("/mask", new Uint8Array(rows * cols).fill(1, 3), { shape: [rows, cols] });
    });
    const reader = await openCube(path);
    expect(reader.cube).toMatchObject({
      patient: "P1",
      core: "C1",
      pixelSizeUm: 5.5,
      mode: "SD",
      origin: "real",
      modality: "FTIR",
    });
    expect(reader.cube.slide).toBeUndefined();
    expect(reader.labels()![6]).toBe(2);
    expect([...reader.mask()!].slice(0, 4)).toEqual([0, 0, 0, 1]);
    reader.close();
  });

  test("MATLAB labels are turned like the spectra", async () => {
    const path = await fileOf((file) => {
      file.put("/cube", inOrder("bcr").values, { shape: [bands, cols, rows], attributes: { MATLAB_class: "single" } });
      file.put("/wavenumbers", axis);
      const turned = new Uint8Array(rows * cols);
      turned[2 * rows + 1] = 1;
      file.put("/labels", turned, { shape: [cols, rows], attributes: { MATLAB_class: "uint8" } });
    });
    const reader = await openCube(path);
    expect(reader.labels()!.indexOf(1)).toBe(1 * cols + 2);
    expect(reader.cube.classNames).toEqual(["unlabelled", "class 1"]);
    reader.close();
  });

  test("transmittance becomes absorbance at the door, as a fraction or in per cent; what is not above zero is NaN", async () => {
    for (const [scale, attributes] of [
      [1, { quantity: "transmittance" }],
      [100, { quantity: "Transmittance", units: "%" }],
      [100, { quantity: "transmittance" }],
    ] as const) {
      const path = await fileOf((file) => {
        const values = Float32Array.of(0.1, 0.5, 1, 0, -0.2, 1).map((t) => t * scale);
        file.put("/cube", values, { shape: [1, 2, 3], attributes });
        file.put("/wavenumbers", axis);
      });
      const reader = await openCube(path);
      const { values } = reader.read({ row: 0, rows: 1 });
      expect(reader.cube.storedQuantity).toBe("transmittance");
      // −log₁₀ in float32.
      expect(values[0]).toBeCloseTo(1, 6);
      expect(values[1]).toBeCloseTo(Math.log10(2), 6);
      expect(values[2]).toBeCloseTo(0, 6);
      expect([values[3], values[4]]).toEqual([Number.NaN, Number.NaN]);
      reader.close();
    }
  });

  test("numbers of other types, and files of h5py with gzip, shuffle, lzf and a MATLAB header block", async (context) => {
    const python = "/usr/bin/python3";
    const script = `
import sys, numpy as np
try:
    import h5py
except ImportError:
    sys.exit(9)
folder = sys.argv[1]
r, c, b = np.meshgrid(np.arange(5), np.arange(4), np.arange(3), indexing="ij")
cube = r + c / 10 + b / 100
def write(name, data, block=0, **options):
    with h5py.File(f"{folder}/{name}.h5", "w", userblock_size=block) as file:
        file.create_dataset("cube", data=data, **options)
        file["wavenumbers"] = np.array([1000.0, 1100.0, 1200.0])
write("float64", cube)
write("gzip-shuffle", cube.astype("f4"), chunks=(2, 4, 3), compression="gzip", shuffle=True)
write("lzf", cube.astype("f4"), chunks=(2, 4, 3), compression="lzf")
write("user-block", cube.astype("f4"), block=512)
write("big-endian", cube.astype(">f4"))
for kind in ["i2", "u2", "i4", "u1", "f2"]:
    write(kind, np.round(cube * 2).astype(kind))
`;
    const made = existsSync(python) ? spawnSync(python, ["-c", script, folder]) : { status: 9 };
    if (made.status === 9) return context.skip("python3 with h5py is not at hand");
    expect(made.status).toBe(0);
    for (const name of ["float64", "gzip-shuffle", "lzf", "user-block", "big-endian"]) {
      await expectUpright(join(folder, `${name}.h5`));
    }
    for (const name of ["i2", "u2", "i4", "u1", "f2"]) {
      const reader = await openCube(join(folder, `${name}.h5`));
      const { values } = reader.read({ row: 2, rows: 1 });
      // Row 2: 2·(2 + c/10 + b/100) rounded to even halves as numpy does.
      expect([...values.subarray(0, 3)]).toEqual([4, 4, 4]);
      expect([...values.subarray(9, 12)]).toEqual([5, 5, 5]);
      reader.close();
    }
  });
});
