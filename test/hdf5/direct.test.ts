import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ready } from "h5wasm/node";
import { describe, expect, test } from "vitest";
import { random } from "#cube/random";
import { createHdf5 } from "#hdf5/create";
import { openHdf5 } from "#hdf5/open";
import { type Located, openDirect } from "#hdf5/open-direct";
import { rowMajor } from "#hdf5/scatter";
import type { ElementType } from "#hdf5/values";

const folder = mkdtempSync(join(tmpdir(), "direct-"));
const module = await ready;

/** What the library knows of a dataset. */
function located(path: string, name: string): Located {
  const id = module.open(path, module.H5F_ACC_RDONLY, false);
  try {
    const { shape, chunks, type, size, signed } = module.get_dataset_metadata(id, name);
    const kind = type === module.H5T_class_t.H5T_FLOAT.value ? "float" : signed ? "int" : "uint";
    const filters = module.get_dataset_filters(id, name);
    const names = filters.map((filter) => filter.name);
    return {
      file: path,
      path: name,
      info: {
        path: name,
        shape: shape!,
        type: `${kind}${size * 8}` as ElementType,
        ...(chunks && { chunks }),
        filters: names,
        attributes: {},
      },
      address: Number(Buffer.from(module.create_object_reference(id, name)).readBigUInt64LE()),
      filters,
    };
  } finally {
    module.close_file(id);
  }
}

/** A slab as float32 by the direct reader alone; undefined when it leaves it to the library. */
function directly(path: string, dataset: Located, start: number[], count: number[]): Float32Array | undefined {
  const direct = openDirect(() => ({ ...dataset, file: path }));
  try {
    const out = new Float32Array(count.reduce((a, b) => a * b, 1)).fill(-77);
    const to = { offset: 0, strides: rowMajor(count) };
    return direct.read(dataset.info.path, start, count, out, to) ? out : undefined;
  } finally {
    direct.close();
  }
}

/** The same slab by the library alone: `read` never goes past it. */
async function byLibrary(path: string, name: string, start: number[], count: number[]): Promise<Float32Array> {
  const file = await openHdf5(path);
  try {
    return Float32Array.from(file.read(name, start, count));
  } finally {
    file.close();
  }
}

/** Some slab of a shape, the whole of it now and then. */
function someSlab(shape: number[], draw: ReturnType<typeof random>): { start: number[]; count: number[] } {
  if (draw.integer(4) === 0) return { start: shape.map(() => 0), count: shape };
  const start = shape.map((length) => draw.integer(length));
  return { start, count: shape.map((length, i) => 1 + draw.integer(length - start[i])) };
}

const python = "/usr/bin/python3";
/** Files of h5py: old and new format, a block of MATLAB's in front, all filters, ragged chunks, chunks that were never written. */
const script = `
import sys, json
try:
    import h5py, numpy as np
except ImportError:
    sys.exit(9)
folder = sys.argv[1]
rng = np.random.default_rng(7)
types = ["f4", "f8", "f2", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
filters = [{}, dict(compression="gzip"), dict(compression="gzip", shuffle=True), dict(shuffle=True), dict(fletcher32=True),
           dict(compression="gzip", shuffle=True, fletcher32=True)]
plain = []
for n in range(72):
    shape = [int(k) for k in rng.integers(1, 14, rng.integers(2, 4))]
    kind = types[n % len(types)]
    options = dict(filters[n % len(filters)])
    if options or n % 4:
        options["chunks"] = tuple(int(rng.integers(1, k + 1)) for k in shape)
    data = (rng.standard_normal(shape) * 50).astype(kind) if n % 5 else rng.integers(0, 100, shape).astype(kind)
    if n % 7 == 0 and kind[0] == "f":
        data.flat[0] = np.nan
    with h5py.File(f"{folder}/{n}.h5", "w", userblock_size=512 if n % 3 == 0 else 0, libver="latest" if n % 8 == 7 else "earliest") as file:
        for k in range(n % 4):
            file.attrs[f"a{k}"] = "x" * 300
        cube = file.create_dataset("group/cube", shape, kind, **options)
        if n % 6 and n > 5:
            cube[...] = data
        else:
            cube[: 1 + shape[0] // 2] = data[: 1 + shape[0] // 2]
        for k in range(n % 13):
            cube.attrs[f"b{k}"] = np.arange(9)
    plain.append(n % 8 != 7)
with h5py.File(f"{folder}/not-plain.h5", "w") as file:
    file.create_dataset("big-endian", data=np.arange(12, dtype=">f4").reshape(3, 4))
    file.create_dataset("fill", (6, 4), "f4", chunks=(2, 2), fillvalue=3)
    file.create_dataset("lzf", data=np.arange(12, dtype="f4").reshape(3, 4), compression="lzf")
    file.create_dataset("scaled", data=np.arange(12, dtype="i4").reshape(3, 4), scaleoffset=0)
    file.create_dataset("truth", data=np.ones((3, 4), bool))
    file.create_dataset("bfloat", data=np.ones((3, 4), "f4"))
    file.create_dataset("compact", data=np.ones((3, 4), "f4"), dtype="f4")
    layout = h5py.VirtualLayout((3, 4), "f4")
    layout[:] = h5py.VirtualSource(f"{folder}/not-plain.h5", "lzf", (3, 4))
    file.create_virtual_dataset("virtual", layout)
    file["outside"] = h5py.ExternalLink("1.h5", "/group/cube")
    file.create_dataset("external", (3, 4), "f4", external=[(f"{folder}/raw", 0, 48)])
    file["external"][...] = 5
print(json.dumps(plain))
`;
const made = existsSync(python)
  ? spawnSync(python, ["-c", script, folder], { encoding: "utf8" })
  : { status: 9, stdout: "", stderr: "" };

describe.skipIf(made.status === 9)("files of h5py", () => {
  test("any shape, chunking, type and filter: the same numbers as the library gives, for any slab", async () => {
    expect(made.stderr).toBe("");
    const plain: boolean[] = JSON.parse(made.stdout);
    const draw = random("slabs");
    let direct = 0;
    for (const [n, expected] of plain.entries()) {
      const path = join(folder, `${n}.h5`);
      const dataset = located(path, "/group/cube");
      for (let i = 0; i < 6; i++) {
        const { start, count } = someSlab(dataset.info.shape, draw);
        const ours = directly(path, dataset, start, count);
        if (expected) expect(ours, `file ${n}`).toBeDefined();
        if (!ours) continue;
        direct++;
        expect(ours, `file ${n}, [${count}] from [${start}]`).toEqual(
          await byLibrary(path, "/group/cube", start, count),
        );
      }
    }
    expect(direct).toBeGreaterThan(300);
  });

  test("what is not plain is left to the library: other filters, byte orders, fill values, virtual and external storage", async () => {
    const path = join(folder, "not-plain.h5");
    for (const name of ["/big-endian", "/lzf", "/scaled", "/fill", "/truth", "/virtual", "/external"]) {
      expect(directly(path, located(path, name), [0, 0], [3, 4]), name).toBeUndefined();
    }
    const file = await openHdf5(path);
    const out = new Float32Array(12);
    file.readFloat32("/big-endian", [0, 0], [3, 4], out);
    expect([...out]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    file.readFloat32("/fill", [0, 0], [3, 4], out);
    expect(new Set(out)).toEqual(new Set([3]));
    // The target may lie in another order, whoever reads: columns first, from the last row up.
    file.readFloat32("/lzf", [0, 0], [3, 4], out, { offset: 2, strides: [-1, 3] });
    expect([...out]).toEqual([8, 4, 0, 9, 5, 1, 10, 6, 2, 11, 7, 3]);
    file.close();
  });
});

/** A small cube as this package writes it. */
async function written(name: string, gzip?: number): Promise<{ path: string; values: Float32Array; shape: number[] }> {
  const path = join(folder, name);
  const shape = [9, 7, 11];
  const values = Float32Array.from({ length: 693 }, (_, i) => Math.sin(i));
  await createHdf5(path, (file) => {
    file.put("/cube", values, { shape, ...(gzip ? { gzip, chunks: [4, 3, 5] } : {}) });
    file.put("/more", values, { shape, chunks: [2, 7, 11] });
  });
  return { path, values, shape };
}

test("what this package writes is read directly, into shared memory too, and counts what it inflates", async () => {
  const { path, values, shape } = await written("ours.h5", 4);
  expect(directly(path, located(path, "/cube"), [0, 0, 0], shape)).toEqual(values);
  expect(directly(path, located(path, "/more"), [0, 0, 0], shape)).toEqual(values);
  const file = await openHdf5(path);
  const out = new Float32Array(new SharedArrayBuffer(4 * 693));
  file.readFloat32("/cube", [0, 0, 0], shape, out);
  expect([...out]).toEqual([...values]);
  // 3 × 3 × 3 chunks of 4 · 3 · 5 float32.
  expect(file.inflatedBytes()).toBe(27 * 60 * 4);
  expect(() => file.readFloat32("/cube", [0, 0, 0], shape, new Float32Array(692))).toThrow(/room for 692/);
  file.close();
});

describe("damaged files", () => {
  /** Whatever is done to the bytes: the same numbers as the library reads, or it is left to the library. */
  async function survives(path: string, shape: number[]): Promise<"same" | "left" | "no dataset"> {
    let dataset: Located;
    try {
      // The library is always asked first; what it does not find or open is its to say.
      const file = await openHdf5(path);
      try {
        file.info("/cube");
      } finally {
        file.close();
      }
      dataset = located(path, "/cube");
    } catch {
      return "no dataset";
    }
    if (dataset.info.shape?.join() !== shape.join()) return "no dataset";
    const start = shape.map(() => 0);
    const ours = directly(path, dataset, start, shape);
    if (!ours) return "left";
    expect(ours).toEqual(await byLibrary(path, "/cube", start, shape));
    return "same";
  }

  test.each([
    ["contiguous", undefined],
    ["gzip", 4],
  ] as const)("%s: bytes turned, cut short and overwritten", async (kind, gzip) => {
    const { path, shape } = await written(`${kind}.h5`, gzip);
    const whole = readFileSync(path);
    const draw = random(kind);
    const count = { same: 0, left: 0, "no dataset": 0 };
    const damaged = join(folder, `damaged-${kind}.h5`);
    for (let i = 0; i < 400; i++) {
      const bytes = Buffer.from(whole);
      for (let k = draw.integer(3); k >= 0; k--) {
        // Half of them where headers and indexes are.
        const at = draw.integer(draw.integer(2) ? bytes.length : 2500);
        if (draw.integer(2)) bytes[at] ^= 1 << draw.integer(8);
        else bytes[at] = [0, 255, 127, 1][draw.integer(4)];
      }
      writeFileSync(damaged, i % 10 ? bytes : bytes.subarray(0, draw.integer(bytes.length)));
      count[await survives(damaged, shape)]++;
    }
    expect(count.same).toBeGreaterThan(20);
    expect(count.left + count["no dataset"]).toBeGreaterThan(20);
  });
});
