import { SpectraError } from "../cube/errors.js";
import type { Hdf5File } from "../hdf5/open.js";
import { isMatlab } from "./known-layouts.js";

/** One small whole number a pixel, row-major from the top left: labels or a mask. The size must be that of the image. */
export function readPlane(file: Hdf5File, path: string, rows: number, cols: number): Uint8Array {
  const info = file.info(path);
  const turned = isMatlab(info);
  const expected = turned ? [cols, rows] : [rows, cols];
  const flat =
    info.shape.filter((length) => length > 1).length < 2 && info.shape.reduce((a, b) => a * b, 1) === rows * cols;
  if (!flat && info.shape.join() !== expected.join()) {
    throw new SpectraError(
      "shape",
      file.path,
      `${path} of ${file.path} is [${info.shape}], the image [${expected}]; both must have the same size`,
    );
  }
  const values = file.read(path);
  const plane = new Uint8Array(rows * cols);
  for (let i = 0; i < plane.length; i++) {
    const value = values[i];
    if (!Number.isInteger(value) || value < 0 || value > 255) {
      throw new SpectraError(
        "labels",
        file.path,
        `${path} of ${file.path} holds ${value} at pixel ${i}; it must hold whole numbers from 0 to 255`,
      );
    }
    plane[turned && !flat ? (i % rows) * cols + Math.floor(i / rows) : i] = value;
  }
  return plane;
}

/** The names of label values; values without a name are refused where there are names, and called "class N" where there are none. */
export function labelNames(file: Hdf5File, path: string, labels: Uint8Array): string[] {
  const written = file.attributes(path).class_names;
  const highest = labels.reduce((most, value) => Math.max(most, value), 0);
  if (written === undefined) {
    return Array.from({ length: highest + 1 }, (_, value) => (value ? `class ${value}` : "unlabelled"));
  }
  const names = [written].flat().map(String);
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
export function checkMask(mask: Uint8Array, path: string, file: string): Uint8Array {
  if (mask.some((value) => value !== 0)) return mask;
  throw new SpectraError(
    "labels",
    file,
    `${path} of ${file} is 0 everywhere: it leaves no pixel; correct or remove the mask`,
  );
}
