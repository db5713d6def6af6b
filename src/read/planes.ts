import { statSync } from "node:fs";
import { SpectraError } from "../cube/errors.js";
import { tidyName } from "../cube/words.js";
import type { DatasetInfo, Hdf5File } from "../hdf5/open.js";
import { elementBytes, type NumericArray } from "../hdf5/values.js";
import { isMatlab } from "./known-layouts.js";
import type { Order } from "./layout.js";

/** Some whole rows of an image. */
export interface RowRange {
  readonly row: number;
  readonly rows: number;
}

/** One small whole number a pixel, labels or a mask, read some image rows at a time: it is never held whole. */
export interface Plane {
  /** The values of some image rows, row-major. */
  read(range: RowRange): Uint8Array;
  /** Pixels by value, 256 of them; reads the plane once, from the top to the end. */
  counts(): Float64Array;
}

/** Stored bytes of a plane that are read at a time. */
const PIECE = 8 << 20;
/** Chunks that a file of any size may claim: those that were never written take no room. */
const ANY_FILE = 1 << 20;
/** A chunk must be inflated whole, so a larger one would break every promise about memory. */
const MOST_CHUNK = 256 << 20;

/** Open labels or a mask. Their size must be that of the image, as a picture or as a list of its pixels; `order` is that of the spectra. */
export function openPlane(file: Hdf5File, path: string, rows: number, cols: number, order: Order): Plane {
  const info = file.info(path);
  const lie = checkShape(info, file.path, rows, cols, order);
  const along = lie === "turned" ? 1 : info.shape.findIndex((length) => lie === "listed" && length === rows * cols);
  // Image rows that lie together in the file: of chunks that are inflated, whole ones.
  const chunkRows = info.chunks && info.filters.length ? info.chunks[Math.max(0, along)] : 1;
  const together = Math.min(rows, lie === "listed" ? Math.ceil(chunkRows / cols) : chunkRows);
  checkChunk(info, file.path);
  const rowBytes = cols * elementBytes(info.type);
  const pieceRows = Math.max(1, Math.floor(PIECE / Math.max(1, rowBytes) / together)) * together;

  const slab = ({ row, rows: height }: RowRange): { start: number[]; count: number[] } => {
    if (lie === "turned") return { start: [0, row], count: [cols, height] };
    if (lie === "picture") return { start: [row, 0], count: [height, cols] };
    return {
      start: info.shape.map((_, i) => (i === along ? row * cols : 0)),
      count: info.shape.map((_, i) => (i === along ? height * cols : 1)),
    };
  };
  const isWritten = (range: RowRange) => {
    const { start, count } = slab(range);
    return file.isWritten(path, start, count);
  };
  const checked = (range: RowRange): Uint8Array => {
    if (!isWritten(range)) return new Uint8Array(range.rows * cols);
    const { start, count } = slab(range);
    const read = file.read(path, start, count);
    const values = lie === "turned" ? turned(read, range.rows, cols) : read;
    if (values instanceof Uint8Array) return values;
    const plane = new Uint8Array(values.length);
    for (let i = 0; i < plane.length; i++) {
      const value = values[i];
      if (!Number.isInteger(value) || value < 0 || value > 255) {
        throw new SpectraError(
          "labels",
          file.path,
          `${path} of ${file.path} holds ${value} at pixel ${range.row * cols + i}; it must hold whole numbers from 0 to 255`,
        );
      }
      plane[i] = value;
    }
    return plane;
  };
  // The piece that was read last: rows are asked for from the top downwards, a few at a time.
  let last: { row: number; end: number; values: Uint8Array } = { row: 0, end: 0, values: new Uint8Array(0) };
  const pieceAt = (row: number) => {
    if (row < last.row || row >= last.end) {
      const first = row - (row % pieceRows);
      const end = Math.min(first + pieceRows, rows);
      last = { row: first, end, values: checked({ row: first, rows: end - first }) };
    }
    return last;
  };
  return {
    read({ row, rows: height }) {
      const out = new Uint8Array(height * cols);
      for (let at = row; at < row + height; ) {
        const piece = pieceAt(at);
        const end = Math.min(piece.end, row + height);
        out.set(piece.values.subarray((at - piece.row) * cols, (end - piece.row) * cols), (at - row) * cols);
        at = end;
      }
      return out;
    },
    counts() {
      const counts = new Float64Array(256);
      for (let row = 0; row < rows; row += pieceRows) {
        const range = { row, rows: Math.min(pieceRows, rows - row) };
        // A small file may claim any number of pixels: what was never written costs nothing.
        if (!isWritten(range)) counts[0] += range.rows * cols;
        else for (const value of pieceAt(row).values) counts[value]++;
      }
      return counts;
    },
  };
}

type Lie = "picture" | "listed" | "turned";

/**
 * How a plane lies in its dataset: as the image, rows first; as a list of its pixels; or columns first, as MATLAB writes it, as the
 * attribute `order` = "cr" says, or as its size shows where the spectra themselves lie columns first.
 */
function checkShape(info: DatasetInfo, file: string, rows: number, cols: number, order: Order): Lie {
  const { path, shape } = info;
  const flat = shape.filter((length) => length > 1).length < 2 && shape.reduce((a, b) => a * b, 1) === rows * cols;
  if (flat) return "listed";
  const picture = shape.join() === [rows, cols].join();
  const turned = shape.join() === [cols, rows].join();
  const upright = order.includes("p") || order.indexOf("r") < order.indexOf("c");
  const said = isMatlab(info) ? "cr" : String(info.attributes.order ?? "").toLowerCase();
  if (said === "cr") {
    if (turned) return "turned";
  } else if (said === "rc" || upright) {
    if (picture) return "picture";
  } else if (picture && turned) {
    throw new SpectraError(
      "shape",
      file,
      `${path} of ${file} is [${shape}] and the spectra lie columns first ("${order}"): nothing tells whether ${path} does too; ` +
        'give it the attribute order = "rc" (rows first) or "cr"',
    );
  } else if (picture || turned) return picture ? "picture" : "turned";
  const expected = said === "cr" ? [cols, rows] : [rows, cols];
  const hint = order.includes("p")
    ? "; it may be a list of the pixels too, and --rows and --cols say the size of a list"
    : "";
  throw new SpectraError(
    "shape",
    file,
    `${path} of ${file} is [${shape}], the image [${expected}]; both must have the same size${hint}`,
  );
}

function checkChunk({ path, shape, type, chunks, filters }: DatasetInfo, file: string): void {
  if (!chunks) return;
  const claimed = chunks.reduce((product, length, i) => product * Math.ceil(shape[i] / length), 1);
  const { size } = statSync(file);
  if (claimed > Math.max(ANY_FILE, size / 8)) {
    throw new SpectraError(
      "format",
      file,
      `${path} of ${file} claims ${claimed} chunks, more than a file of ${size} bytes has room for; it is damaged`,
    );
  }
  if (!filters.length) return;
  const bytes = chunks.reduce((a, b) => a * b, 1) * elementBytes(type);
  if (bytes <= MOST_CHUNK) return;
  throw new SpectraError(
    "format",
    file,
    `${path} of ${file} is stored in chunks of ${Math.round(bytes / 1e6)} MB, which must be inflated whole; ` +
      `store it in smaller ones (h5repack -l ${path.slice(1)}:CHUNK=256x256)`,
  );
}

/** Columns of `height` pixels, one after another, as rows. */
function turned(columns: NumericArray, height: number, cols: number): NumericArray {
  const out = columns.slice();
  for (let col = 0; col < cols; col++) {
    for (let row = 0; row < height; row++) out[row * cols + col] = columns[col * height + row];
  }
  return out;
}

/** A plane that is in memory already. */
export function planeOf(values: Uint8Array, cols: number): Plane {
  return {
    read: ({ row, rows }) => values.slice(row * cols, (row + rows) * cols),
    counts() {
      const counts = new Float64Array(256);
      for (const value of values) counts[value]++;
      return counts;
    },
  };
}

/** The names of label values; values without a name are refused where there are names, and called "class N" where there are none. */
export function labelNames(file: Hdf5File, path: string, counts: Float64Array): string[] {
  const written = file.attributes(path).class_names;
  const highest = counts.findLastIndex((pixels) => pixels > 0);
  if (written === undefined) {
    return Array.from({ length: highest + 1 }, (_, value) => (value ? `class ${value}` : "unlabelled"));
  }
  const names = [written].flat().map((name) => tidyName(String(name)));
  if (highest >= names.length) {
    throw new SpectraError(
      "labels",
      file.path,
      `${path} of ${file.path} holds label ${highest}, but class_names ends with ${names.length - 1} ("${names.at(-1)}"); ` +
        "give every label value a name, index = value",
    );
  }
  return names;
}

/** A mask that leaves no pixel is a mistake worth stopping for. */
export function checkMask(counts: Float64Array, path: string, file: string): void {
  if (counts.some((pixels, value) => value > 0 && pixels > 0)) return;
  throw new SpectraError(
    "labels",
    file,
    `${path} of ${file} is 0 everywhere: it leaves no pixel; correct or remove the mask`,
  );
}
