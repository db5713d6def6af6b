import { z } from "zod";
import type { Bag, Patches } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import { createHdf5, type Hdf5Writer } from "../hdf5/create.js";
import { type Hdf5File, openHdf5 } from "../hdf5/open.js";

/** The attribute by which a bag file is known, and the version of its layout. */
const FORMAT = "spectrastain/bag/1";

const patchesSchema = z.object({
  count: z.int().nonnegative(),
  edge: z.int(),
  stride: z.int(),
  featureNames: z.array(z.string()),
  classNames: z.array(z.string()),
  images: z.object({ size: z.int(), channels: z.int(), channelNames: z.array(z.string()) }).optional(),
});

const aboutSchema = z.object({
  name: z.string(),
  file: z.string(),
  patient: z.string().optional(),
  biopsy: z.string().optional(),
  core: z.string().optional(),
  slide: z.string().optional(),
  label: z.string().optional(),
  origin: z.enum(["real", "simulated", "derived", "unknown"]),
  geometry: z.enum(["image", "points"]),
  rows: z.int(),
  cols: z.int(),
  pixelSizeUm: z.number().optional(),
  patchUm: z.number().optional(),
  tissueFraction: z.number(),
  channels: z.string(),
  modelPatients: z.array(z.string()),
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
  const about = { ...rest, patches: saidOf(patches), windows: windows && saidOf(windows) };
  await createHdf5(path, (file) => {
    file.attributes("/", { format: FORMAT, key });
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
    if (file.attributes("/").format !== FORMAT) {
      throw new SpectraError(
        "format",
        path,
        `${path} is not a bag of patches; make bags with: spectrastain bags MODEL.h5 COHORT.csv --stain MAPS --out BAGS`,
      );
    }
    const parsed = aboutSchema.safeParse(JSON.parse(file.strings("/about")[0]));
    if (!parsed.success) {
      const [{ path: where, message }] = parsed.error.issues;
      throw new SpectraError("format", path, `${path} is a damaged bag: ${where.join(".")}: ${message}`);
    }
    const { patches, windows, ...about } = parsed.data;
    const wavenumbers = file.read("/wavenumbers") as Float64Array;
    return {
      ...about,
      patches: getPatches(file, "", patches, wavenumbers),
      windows: windows && getPatches(file, "/windows", windows, wavenumbers),
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
): Patches {
  const read = <A extends { length: number }>(name: string, length: number): A => {
    const values = file.read(`${group}/${name}`) as unknown as A;
    if (values.length === length) return values;
    const message = `${file.path} is a damaged bag: ${group}/${name} has ${values.length} values instead of ${length}`;
    throw new SpectraError("shape", file.path, message);
  };
  const { count, featureNames, classNames } = about;
  const bands = file.info(`${group}/spectra`).shape[1];
  const pixels = images ? images.size ** 2 * images.channels : 0;
  return {
    ...about,
    coords: read("coords", 2 * count),
    features: read("features", count * featureNames.length),
    spectra: read("spectra", count * bands),
    wavenumbers,
    tissue: read("tissue", count),
    mix: read("mix", count * classNames.length),
    images: images && { ...images, values: read("images", count * pixels) },
  };
}
