import { dirname } from "node:path";
import { z } from "zod";
import type { Bag, Patches } from "../cube/bag.js";
import { allWithin, type Demand, demandsOn, isAxis } from "../cube/check-values.js";
import { SpectraError } from "../cube/errors.js";
import { fullPath, relativePath } from "../cube/relative-path.js";
import { createHdf5, type Hdf5Writer } from "../hdf5/create.js";
import { cubeAttributes } from "../hdf5/cube-mark.js";
import { type Hdf5File, openHdf5 } from "../hdf5/open.js";
import { readAbout } from "../hdf5/read-about.js";
import { readArray } from "../hdf5/read-array.js";

/** The attribute by which a bag file is known, and the version of its layout. */
const FORMAT = "spectrastain/bag/1";

/** A name of a class, a patient, a file: no more than a line. */
const word = z.string().max(1000);
const whole = z.int().nonnegative();

const patchesSchema = z.object({
  count: whole,
  edge: z.int().positive(),
  stride: z.int().positive(),
  featureNames: z.array(word),
  classNames: z.array(word).max(256),
  images: z.object({ size: whole, channels: whole, channelNames: z.array(word) }).optional(),
});

const cubeSchema = z.object({
  content: word.optional(),
  place: z.string().max(4096),
  changed: z.number(),
  bytes: z.number(),
});

const aboutSchema = z.object({
  name: word,
  file: z.string().max(4096),
  cube: cubeSchema.optional(),
  stainModel: word.optional(),
  patient: word.optional(),
  biopsy: word.optional(),
  core: word.optional(),
  slide: word.optional(),
  label: word.optional(),
  split: word.optional(),
  origin: z.enum(["real", "simulated", "derived", "unknown"]),
  geometry: z.enum(["image", "points"]),
  rows: whole,
  cols: whole,
  pixelSizeUm: z.number().positive().optional(),
  patchUm: z.number().positive().optional(),
  tissueFraction: z.number(),
  channels: word,
  modelPatients: z.array(word),
  patches: patchesSchema,
  windows: patchesSchema.optional(),
});

/**
 * Write the patches of a cube as CLAM's users have them, `/coords` and `/features`, with what else is known of them beside: `/spectra`,
 * `/tissue`, `/mix`, `/images`, and the same of the overlapping windows under `/windows`. Everything that is not an array stands as
 * JSON in `/about`; `key` is what the file was made from and with.
 */
export async function writeBag(path: string, bag: Bag, key: string): Promise<void> {
  const { patches, windows, ...rest } = bag;
  const source = relativePath(dirname(path), bag.file);
  const about = { ...rest, file: source, patches: saidOf(patches), windows: windows && saidOf(windows) };
  await createHdf5(path, (file) => {
    const { patient, cube, stainModel: model } = bag;
    file.attributes("/", { format: FORMAT, key, source, patient, model, ...cubeAttributes(cube) });
    file.put("/about", JSON.stringify(about));
    file.put("/wavenumbers", patches.wavenumbers, { attributes: { units: "cm-1" } });
    putPatches(file, "", bag, patches);
    if (windows) putPatches(file, "/windows", bag, windows);
  });
}

function saidOf({ count, edge, stride, featureNames, classNames, images }: Patches) {
  const { size, channels, channelNames } = images ?? { size: 0, channels: 0, channelNames: [] };
  return { count, edge, stride, featureNames, classNames, images: images && { size, channels, channelNames } };
}

function putPatches(file: Hdf5Writer, group: string, bag: Bag, patches: Patches): void {
  const { count, coords, features, featureNames, spectra, wavenumbers, tissue, mix, classNames, images, edge } =
    patches;
  const clam = {
    patch_size: edge,
    patch_level: 0,
    downsample: 1,
    level_dim: [bag.cols, bag.rows],
    wsi_name: bag.name,
  };
  file.put(`${group}/coords`, coords, { shape: [count, 2], attributes: clam });
  file.put(`${group}/features`, features, {
    shape: [count, featureNames.length],
    attributes: { feature_names: [...featureNames] },
  });
  file.put(`${group}/spectra`, spectra, { shape: [count, spectra.length ? wavenumbers.length : 0] });
  file.put(`${group}/tissue`, tissue);
  file.put(`${group}/mix`, mix, { shape: [count, classNames.length], attributes: { class_names: [...classNames] } });
  if (!images) return;
  const { size, channels, values } = images;
  file.put(`${group}/images`, values, { shape: [count, size, size, channels] });
}

/** The key a bag file was written with, or undefined when the file is no bag. */
export async function bagKey(path: string): Promise<string | undefined> {
  try {
    const file = await openHdf5(path);
    try {
      const { format, key } = file.attributes("/");
      return format === FORMAT ? String(key) : undefined;
    } finally {
      file.close();
    }
  } catch {
    // What cannot be read is made anew.
    return undefined;
  }
}

/** Read a bag back. A file that is something else, or damaged, is refused by name. */
export async function readBag(path: string): Promise<Bag> {
  const file = await openHdf5(path);
  try {
    const { patches, windows, ...about } = readAbout(file, {
      format: FORMAT,
      schema: aboutSchema,
      name: "bag",
      otherwise:
        "is not a bag of patches; make bags with: spectrastain bags MODEL.h5 COHORT.csv --stain MAPS --out BAGS",
    });
    const { cube } = about;
    if (!cube) {
      const cure = "it does not say which cube it was cut from; make the bags anew";
      throw new SpectraError("format", path, `${path} was made by an earlier version: ${cure}`);
    }
    const wavenumbers = readArray(file, "/wavenumbers", "float64", "bag");
    const demand = demandsOn(file.path, "bag");
    demand(!wavenumbers.length || isAxis(wavenumbers), "its wavenumbers are not an axis");
    return {
      ...about,
      file: fullPath(dirname(path), about.file),
      cube,
      patches: getPatches(file, "", patches, wavenumbers, about, demand),
      windows: windows && getPatches(file, "/windows", windows, wavenumbers, about, demand),
    };
  } finally {
    file.close();
  }
}

function getPatches(
  file: Hdf5File,
  group: string,
  { images, ...about }: z.infer<typeof patchesSchema>,
  wavenumbers: Float64Array,
  { rows, cols }: { rows: number; cols: number },
  demand: Demand,
): Patches {
  const floats = (name: string, length: number) => readArray(file, `${group}/${name}`, "float32", "bag", length);
  const { count, featureNames, classNames } = about;
  const bands = file.info(`${group}/spectra`).shape[1] ?? 0;
  const pixels = images ? images.size ** 2 * images.channels : 0;
  demand(bands === 0 || bands === wavenumbers.length, `${bands} bands for ${wavenumbers.length} wavenumbers`);
  const patches = {
    ...about,
    coords: readArray(file, `${group}/coords`, "int32", "bag", 2 * count),
    features: floats("features", count * featureNames.length),
    spectra: floats("spectra", count * bands),
    wavenumbers,
    tissue: floats("tissue", count),
    mix: floats("mix", count * classNames.length),
    images: images && { ...images, values: floats("images", count * pixels) },
  };
  for (let i = 0; i < count; i++) {
    const [x, y] = [patches.coords[2 * i], patches.coords[2 * i + 1]];
    demand(x >= 0 && x < cols && y >= 0 && y < rows, `patch ${i} is at (${x}, ${y}) of an image of ${cols} × ${rows}`);
  }
  const ROUNDING = 1e-3;
  demand(allWithin(patches.tissue, 0, 1 + ROUNDING), "a share of tissue is not from 0 to 1");
  demand(allWithin(patches.mix, 0, 1 + ROUNDING), "a share of a class is not from 0 to 1");
  return patches;
}
