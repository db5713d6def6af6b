import { type Axis, axisFrom } from "../cube/axis.js";
import type { Cube } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import type { Spectra } from "../cube/spectra.js";
import { type DatasetInfo, type Hdf5File, openHdf5 } from "../hdf5/open.js";
import { type Stored, storedQuantity } from "./absorbance.js";
import { textAttribute } from "./attribute.js";
import { describeCube } from "./describe-cube.js";
import { findLayout } from "./find-layout.js";
import { isTextFile } from "./is-table.js";
import type { Layout, LayoutOptions } from "./layout.js";
import type { CubeSource } from "./open-source.js";
import { openTable } from "./open-table.js";
import type { Region } from "./place-region.js";
import { planReading, type ReadingFacts } from "./plan-reading.js";
import { checkMask, labelNames, openPlane, type RowRange } from "./planes.js";
import { regionReader } from "./region-reader.js";
import { unpackingOf } from "./unpack.js";

export type { LayoutOptions } from "./layout.js";
export type { Region } from "./place-region.js";
export type { RowRange } from "./planes.js";

/** A cube open for reading, region by region. */
export interface CubeReader {
  readonly cube: Cube;
  /** Name of the layout, and the dataset with the spectra: for people. */
  readonly layout: string;
  readonly dataset?: DatasetInfo;
  /** Datasets that were read besides: axis, labels, mask. */
  readonly used?: readonly string[];
  /** Where what is known of the cube was found, in words. */
  readonly evidence?: Readonly<Record<string, string>>;
  /** What is worth a look. */
  readonly notes?: readonly string[];
  /** What `planReading` needs to choose regions; missing for a table, which is in memory. */
  readonly facts?: ReadingFacts;
  /** A number of whole rows that suits the chunks of the file, where 64 MB may be held. */
  readonly rowsPerBlock: number;
  /**
   * The absorbance of a rectangle of pixels, row by row of it, wavenumbers ascending, `values[pixel * bands + band]`, into the beginning
   * of `out` where it is given. What is not a number in the file is NaN here. No chunk is inflated twice for one region.
   */
  read(region: Region, out?: Float32Array): Spectra<"absorbance">;
  /** Bytes that came out of the filters of the file so far. */
  inflatedBytes(): number;
  /** Label value a pixel of some image rows, of all if none are named; 0 = not annotated. Undefined when the file has none. */
  labels(range?: RowRange): Uint8Array | undefined;
  /** Pixels by label value, 256 of them; undefined when the file has no labels. */
  labelCounts(): Float64Array | undefined;
  /** The mask over some image rows, over all if none are named; 0 = leave out. Undefined when the file has none. */
  mask(range?: RowRange): Uint8Array | undefined;
  /** Pixels by the value of the mask, 256 of them; undefined when the file has none. */
  maskCounts(): Float64Array | undefined;
  /** The cube as plain data, for others to read without looking into the file; undefined when only the library can read it. */
  source?(): CubeSource | undefined;
  /** The patient of each pixel, where a table names one a spectrum. */
  patients?(): readonly string[] | undefined;
  /** How columns and words of a table were understood. */
  readonly remarks?: readonly string[];
  close(): void;
}

/** Memory for a block of whole rows where nobody says. */
const BLOCK_BYTES = 64 << 20;

/**
 * Open a cube, or a CSV table of spectra in the place of one. Layouts of other programs are known by their names; any other HDF5
 * file is read by naming dataset, axis and order. The file stays open until `close`; its spectra are never held whole.
 */
export async function openCube(path: string, options: LayoutOptions = {}): Promise<CubeReader> {
  if (isTextFile(path)) return openTable(path, options);
  const file = await openHdf5(path, options);
  try {
    return readerOf(file, options);
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

function readerOf(file: Hdf5File, options: LayoutOptions): CubeReader {
  const layout = findLayout(file, options);
  const dataset = file.info(layout.dataset);
  const { rows, cols, bands } = sizeOf(file, layout, dataset);
  const axis = readAxis(file, layout, options.axisUnits, bands);
  const stored = storedQuantity(file, dataset, options.quantity, layout.quantityText);
  const labels = layout.labels ? openPlane(file, layout.labels, rows, cols, layout.order) : undefined;
  const labelCounts = labels?.counts();
  const classNames = labelCounts && labelNames(file, layout.labels!, labelCounts);
  const facts: ReadingFacts = { path: file.path, order: layout.order, dataset, rows, cols, bands };

  const cube = describeCube(file, { rows, cols }, axis, stored, classNames, {
    ...layout,
    ...(options.pixelSizeUm !== undefined && { pixelSizeUm: options.pixelSizeUm, said: true }),
  });
  const mask = layout.mask ? openPlane(file, layout.mask, rows, cols, layout.order) : undefined;
  const whole = { row: 0, rows };
  let kept: Float64Array | undefined;
  const maskCounts = () => {
    kept ??= mask?.counts();
    if (kept) checkMask(kept, layout.mask!, file.path);
    return kept;
  };

  return {
    cube,
    layout: layout.name,
    dataset,
    used: [layout.axis, layout.labels, layout.mask].filter((path) => typeof path === "string"),
    evidence: evidenceOf(file, layout, options, stored),
    notes: layout.notes,
    facts,
    rowsPerBlock: rowsPerBlock(facts),
    read: regionReader({ cube, facts, stored }, (start, count, out, to) =>
      file.readFloat32(layout.dataset, start, count, out, to),
    ),
    inflatedBytes: () => file.inflatedBytes(),
    labels: (range = whole) => labels?.read(range),
    labelCounts: () => labelCounts,
    mask: (range = whole) => maskCounts() && mask?.read(range),
    maskCounts,
    source() {
      const dataset = file.plain(layout.dataset);
      return dataset && { cube, facts, stored, dataset };
    },
    close: () => file.close(),
  };
}

/** Where each thing that is known was found, for `inspect`. */
function evidenceOf(file: Hdf5File, layout: Layout, options: LayoutOptions, stored: Stored): Record<string, string> {
  const { axis, axisUnits, labels, mask } = layout;
  const units = typeof axis === "string" ? textAttribute(file.info(axis).attributes, "units", "unit") : axisUnits;
  const said = options.axisUnits ?? units;
  const found = {
    order: layout.order,
    axis: `${typeof axis === "string" ? axis : "offset and scale"}, ${said === undefined ? "no unit given, taken for cm-1" : `in ${said}`}`,
    quantity: stored.said,
    values: stored.unpacking?.said,
    pixelSize: options.pixelSizeUm !== undefined ? "as was said" : undefined,
    labels,
    mask,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function sizeOf(
  file: Hdf5File,
  layout: Layout,
  { path, shape }: DatasetInfo,
): { rows: number; cols: number; bands: number } {
  const along = (letter: string) => shape[layout.order.indexOf(letter)];
  const bands = along("b");
  const pixels = layout.order.includes("p") ? along("p") : along("r") * along("c");
  if (!pixels || !bands) throw new SpectraError("shape", file.path, `${path} of ${file.path} is empty: [${shape}]`);
  if (!layout.order.includes("p")) return { rows: along("r"), cols: along("c"), bands };
  // Without a size the list stands as one column, so that it can be read in blocks like an image.
  const cols = layout.cols ?? (layout.rows ? Math.floor(pixels / layout.rows) : 1);
  const rows = layout.rows ?? Math.floor(pixels / cols);
  if (rows * cols !== pixels) {
    throw new SpectraError(
      "shape",
      file.path,
      `${path} of ${file.path} lists ${pixels} pixels, which is not ${rows} rows × ${cols} cols; say --rows and --cols`,
    );
  }
  return { rows, cols, bands };
}

function readAxis(file: Hdf5File, layout: Layout, units: string | undefined, bands: number): Axis {
  const { axis, axisUnits, dataset, order } = layout;
  if (typeof axis !== "string") return axisFrom(axis, file.path, units ?? axisUnits);
  const info = file.info(axis);
  const values = Float64Array.from(file.read(axis));
  if (values.length !== bands) {
    throw new SpectraError(
      "axis",
      file.path,
      `${axis} of ${file.path} has ${values.length} wavenumbers, but ${dataset} read as "${order}" has ${bands} bands; ` +
        "name the axis with --axis, or the order of the dimensions with --order",
    );
  }
  const unpacking = unpackingOf(file, info);
  if (unpacking) for (const [i, value] of values.entries()) values[i] = value * unpacking.factor + unpacking.offset;
  return axisFrom(values, file.path, units ?? textAttribute(info.attributes, "units", "unit"));
}

/** The rows of the plan, or, where that has tiles, as many whole rows as the memory holds. */
function rowsPerBlock(facts: ReadingFacts): number {
  const { rows, cols, bands } = facts;
  const plan = planReading(facts, BLOCK_BYTES);
  if (plan.cols === cols) return plan.rows;
  return Math.max(1, Math.min(rows, Math.floor(BLOCK_BYTES / (4 * cols * bands))));
}
