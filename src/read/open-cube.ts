import { type Axis, axisFrom } from "../cube/axis.js";
import type { Cube } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import type { Spectra } from "../cube/spectra.js";
import { type DatasetInfo, type Hdf5File, openHdf5 } from "../hdf5/open.js";
import { storedQuantity } from "./absorbance.js";
import { describeCube } from "./describe-cube.js";
import { findLayout } from "./find-layout.js";
import type { Layout, LayoutOptions } from "./layout.js";
import type { CubeSource } from "./open-source.js";
import { openTable } from "./open-table.js";
import type { Region } from "./place-region.js";
import { planReading, type ReadingFacts } from "./plan-reading.js";
import { checkMask, labelNames, readPlane } from "./planes.js";
import { regionReader } from "./region-reader.js";

export type { LayoutOptions } from "./layout.js";
export type { Region } from "./place-region.js";

/** A cube open for reading, region by region. */
export interface CubeReader {
  readonly cube: Cube;
  /** Name of the layout, and the dataset with the spectra: for people. */
  readonly layout: string;
  readonly dataset?: DatasetInfo;
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
  /** Label value a pixel, 0 = not annotated; undefined when the file has none. */
  labels(): Uint8Array | undefined;
  /** 0 = leave out; undefined when the file has none. */
  mask(): Uint8Array | undefined;
  /** The cube as plain data, for others to read without looking into the file; undefined when only the library can read it. */
  source?(): CubeSource | undefined;
  /** The patient of each pixel, where a table names one a spectrum. */
  patients?(): readonly string[] | undefined;
  close(): void;
}

/** Memory for a block of whole rows where nobody says. */
const BLOCK_BYTES = 64 << 20;

/**
 * Open a cube, or a CSV table of spectra in the place of one. Layouts of other programs are known by their names; any other HDF5
 * file is read by naming dataset, axis and order. The file stays open until `close`; its spectra are never held whole.
 */
export async function openCube(path: string, options: LayoutOptions = {}): Promise<CubeReader> {
  if (/\.(csv|tsv|tab)$/i.test(path)) return openTable(path);
  const file = await openHdf5(path);
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
  const stored = storedQuantity(file, dataset, options.quantity);
  const labels = layout.labels ? readPlane(file, layout.labels, rows, cols) : undefined;
  const classNames = labels && labelNames(file, layout.labels!, labels);
  const facts: ReadingFacts = { path: file.path, order: layout.order, dataset, rows, cols, bands };

  const cube = describeCube(file, { rows, cols }, axis, stored, classNames);
  const mask = () =>
    (layout.mask && checkMask(readPlane(file, layout.mask, rows, cols), layout.mask, file.path)) || undefined;

  return {
    cube,
    layout: layout.name,
    dataset,
    facts,
    rowsPerBlock: rowsPerBlock(facts),
    read: regionReader({ cube, facts, stored }, (start, count, out, to) =>
      file.readFloat32(layout.dataset, start, count, out, to),
    ),
    inflatedBytes: () => file.inflatedBytes(),
    labels: () => labels,
    mask,
    source() {
      const dataset = file.plain(layout.dataset);
      return dataset && { cube, facts, stored, dataset, labels, mask: mask() };
    },
    close: () => file.close(),
  };
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

function readAxis(file: Hdf5File, { axis, dataset, order }: Layout, units: string | undefined, bands: number): Axis {
  if (typeof axis !== "string") return axisFrom(axis, file.path, units);
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
  const written = info.attributes.units ?? info.attributes.unit;
  return axisFrom(values, file.path, units ?? (typeof written === "string" ? written : undefined));
}

/** The rows of the plan, or, where that has tiles, as many whole rows as the memory holds. */
function rowsPerBlock(facts: ReadingFacts): number {
  const { rows, cols, bands } = facts;
  const plan = planReading(facts, BLOCK_BYTES);
  if (plan.cols === cols) return plan.rows;
  return Math.max(1, Math.min(rows, Math.floor(BLOCK_BYTES / (4 * cols * bands))));
}
