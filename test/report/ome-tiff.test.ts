import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromFile } from "geotiff";
import { parseHTML } from "linkedom";
import { afterAll, expect, test } from "vitest";
import { writeOmeTiff } from "#report/ome-tiff";

const folder = mkdtempSync(join(tmpdir(), "ome-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [rows, cols] = [300, 517];
const values = Float32Array.from({ length: rows * cols }, (_, i) => (i % 11 === 0 ? Number.NaN : Math.sin(i)));
const others = values.map((value) => value * 2);
const channel = (name: string, of: Float32Array) => ({
  name,
  rows: (row: number, count: number) => of.subarray(row * cols, (row + count) * cols),
});
const path = join(folder, "maps.ome.tif");
writeOmeTiff(path, {
  rows,
  cols,
  pixelSizeUm: 5.5,
  type: "float32",
  name: 'B01 <canary> & "co"',
  description: "simulated data; research use only",
  channels: [channel("patch probability", values), channel("Grad-CAM", others)],
});

test("a map comes back value by value, what is not a number too, through geotiff", async () => {
  const file = await fromFile(path);
  expect(await file.getImageCount()).toBe(2);
  for (const [page, wanted] of [values, others].entries()) {
    const image = await file.getImage(page);
    expect([image.getWidth(), image.getHeight(), image.getTileWidth()]).toEqual([cols, rows, 256]);
    const [found] = (await image.readRasters()) as unknown as Float32Array[];
    expect(found).toEqual(wanted);
  }
});

test("its OME-XML says how large a pixel is, and names the channels", async () => {
  const file = await fromFile(path);
  const image = await file.getImage(0);
  // Its list of tags that are there at once does not name the description, which is.
  const xml = String(image.fileDirectory.getValue("ImageDescription" as never)).replace(/\0$/, "");
  const { document } = parseHTML(xml.replace(/<\?xml[^>]*\?>/, ""));
  const pixels = document.querySelector("Pixels")!;
  expect(
    ["SizeX", "SizeY", "SizeC", "Type", "PhysicalSizeX", "PhysicalSizeXUnit"].map((of) => pixels.getAttribute(of)),
  ).toEqual(["517", "300", "2", "float", "5.5", "µm"]);
  expect([...document.querySelectorAll("Channel")].map((of) => of.getAttribute("Name"))).toEqual([
    "patch probability",
    "Grad-CAM",
  ]);
  expect(xml).toContain("&lt;canary&gt; &amp; &quot;co&quot;");
});

test("labels are whole numbers", async () => {
  const labels = Uint8Array.from({ length: rows * cols }, (_, i) => i % 7);
  const classes = join(folder, "classes.ome.tif");
  const of = { name: "class", rows: (row: number, count: number) => labels.subarray(row * cols, (row + count) * cols) };
  writeOmeTiff(classes, { rows, cols, type: "uint8", name: "B01", description: "", channels: [of] });
  const image = await (await fromFile(classes)).getImage(0);
  expect(((await image.readRasters()) as unknown as Uint8Array[])[0]).toEqual(labels);
});

test("tifffile reads it as OME, with axes and sizes", (context) => {
  const script = `
import sys, json
try:
    import tifffile, numpy as np
except ImportError:
    print("null"); sys.exit()
with tifffile.TiffFile(sys.argv[1]) as f:
    a = f.series[0].asarray()
    print(json.dumps({"ome": bool(f.is_ome), "axes": f.series[0].axes, "shape": a.shape, "sum": float(np.nansum(a[1])), "nan": int(np.isnan(a[0]).sum())}))
`;
  let said: string;
  try {
    said = execFileSync("/usr/bin/python3", ["-c", script, path], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    said = "null";
  }
  const found = JSON.parse(said);
  if (!found) return context.skip("python3 with tifffile is not installed");
  const sum = others.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
  expect(found).toMatchObject({
    ome: true,
    axes: "CYX",
    shape: [2, rows, cols],
    nan: values.filter(Number.isNaN).length,
  });
  // numpy sums float32 in pairs.
  expect(found.sum).toBeCloseTo(sum, 1);
});

test("a write that fails leaves nothing behind, and a folder is refused as a target", () => {
  const broken = {
    name: "broken",
    rows: (row: number) =>
      row
        ? (() => {
            throw new Error("no more");
          })()
        : values,
  };
  const target = join(folder, "broken.ome.tif");
  expect(() =>
    writeOmeTiff(target, { rows, cols, type: "float32", name: "", description: "", channels: [broken] }),
  ).toThrow("no more");
  expect(readdirSync(folder).filter((name) => name.includes("broken"))).toEqual([]);
  expect(() => writeOmeTiff(folder, { rows, cols, type: "float32", name: "", description: "", channels: [] })).toThrow(
    "it is a folder",
  );
});
