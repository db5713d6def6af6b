import { type Axis, axisFrom } from "../cube/axis.js";
import type { Cube } from "../cube/cube.js";
import { SpectraError } from "../cube/errors.js";
import type { Spectra } from "../cube/spectra.js";
import { type DatasetInfo, type Hdf5File, openHdf5 } from "../hdf5/open.js";
import { storedQuantity, toAbsorbance } from "./absorbance.js";
import { describeCube } from "./describe-cube.js";
import { findLayout } from "./find-layout.js";
import type { Layout, LayoutOptions } from "./layout.js";
import { openTable } from "./open-table.js";
import { checkMask, labelNames, readPlane } from "./planes.js";
import { rearrange, reverseBands, slabOf } from "./rearrange.js";

export type { LayoutOptions } from "./layout.js";

/** A cube open for reading, block of rows by block of rows. */
export interface CubeReader {
  readonly cube: Cube;
  /** Name of the layout, and the dataset with the spectra: for people. */
  readonly layout: string;
  readonly dataset?: DatasetInfo;
  /** A height that suits the chunks of the file; at most about 8 MB, unless one row is more. */
  readonly rowsPerBlock: number;
  /**
   * The absorbance of some image rows, wavenumbers ascending, `values[pixel * bands + band]`, into the beginning of `out`
   * where it is given. What is not a number in the file is NaN here.
   */
  read(row: number, rows: number, out?: Float32Array): Spectra<"absorbance">;
  /** Label value a pixel, 0 = not annotated; undefined when the file has none. */
  labels(): Uint8Array | undefined;
  /** 0 = leave out; undefined when the file has none. */
  mask(): Uint8Array | undefined;
  /** The patient of each pixel, where a table names one a spectrum. */
  patients?(): readonly string[] | undefined;
  close(): void;
}

/** A block holds at most so many bytes, unless one row is more. */
const BLOCK_BYTES = 8 << 20;

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
  const reversed = axis.sourceOrder === "descending";
  const straight = layout.order === "rcb" || layout.order === "pb";
  let scratch = new Float32Array(0);

  return {
    cube: describeCube(file, { rows, cols }, axis, stored, classNames),
    layout: layout.name,
    dataset,
    rowsPerBlock: blockHeight(layout, dataset, rows, cols, bands),
    read(row, height, out = new Float32Array(height * cols * bands)) {
      const { start, count } = slabOf(layout.order, row, height, cols, bands);
      const values = out.subarray(0, height * cols * bands);
      if (straight) {
        file.readFloat32(layout.dataset, start, count, values);
        if (reversed) reverseBands(values, height * cols, bands);
      } else {
        if (scratch.length !== values.length) scratch = new Float32Array(values.length);
        file.readFloat32(layout.dataset, start, count, scratch);
        rearrange(scratch, layout.order, height, cols, bands, reversed, values);
      }
      if (stored.quantity === "transmittance") toAbsorbance(values, stored.scale);
      return { quantity: "absorbance", wavenumbers: axis.wavenumbers, bands, count: height * cols, values };
    },
    labels: () => labels,
    mask: () =>
      (layout.mask && checkMask(readPlane(file, layout.mask, rows, cols), layout.mask, file.path)) || undefined,
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

function blockHeight({ order }: Layout, { chunks }: DatasetInfo, rows: number, cols: number, bands: number): number {
  const fits = Math.max(1, Math.floor(BLOCK_BYTES / (cols * bands * 4)));
  const chunkRows =
    chunks && (order.includes("p") ? Math.ceil(chunks[order.indexOf("p")] / cols) : chunks[order.indexOf("r")]);
  // Whole chunks, so that none is read and inflated twice.
  const height = chunkRows && chunkRows <= fits ? Math.floor(fits / chunkRows) * chunkRows : fits;
  return Math.min(rows, height);
}
