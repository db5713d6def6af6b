import { SpectraError } from "../cube/errors.js";
import { reasons } from "../cube/rejected.js";
import type { Hdf5File } from "../hdf5/open.js";

/** What a stain file says of its map, checked before its pixels are read. */
export interface MapShape {
  readonly rows: number;
  readonly cols: number;
  /** Names by label value, index 0 "unclassified". */
  readonly classNames: readonly string[];
  /** Label value of each class of the probabilities. */
  readonly labels: Uint8Array;
  /** What probabilities are divided by: 255 where they are stored as uint8. */
  readonly scale: number;
}

/** The sizes and names of a map; a file without the three datasets, or with ones that do not belong together, is refused. */
export function stainShape(file: Hdf5File): MapShape {
  const { path } = file;
  const [classes, probabilities, rejected] = ["/classes", "/probabilities", "/rejected"].map((name) => file.info(name));
  const { shape } = classes;
  const [rows, cols] = shape;
  const classNames = [classes.attributes.class_names ?? []].flat().map(String);
  const values = [probabilities.attributes.labels ?? []].flat().map(Number);
  const expected = [rows, cols, values.length].join();
  if (shape.length !== 2 || rejected.shape.join() !== shape.join() || probabilities.shape.join() !== expected) {
    throw new SpectraError(
      "shape",
      path,
      `${path}: /classes is [${shape}], /rejected [${rejected.shape}] and /probabilities [${probabilities.shape}] for ${values.length} labels; they do not belong together`,
    );
  }
  for (const { path: name, type } of [classes, rejected]) {
    if (type === "uint8") continue;
    throw new SpectraError("format", path, `${name} of ${path} is ${type}; a stain file holds uint8 there`);
  }
  const wrong = values.find((value) => !(Number.isInteger(value) && value > 0 && value < classNames.length));
  if (wrong !== undefined || new Set(values).size !== values.length) {
    throw new SpectraError(
      "labels",
      path,
      `${path}: the labels ${values} of /probabilities have no names in class_names`,
    );
  }
  const scale = Number(probabilities.attributes.scale ?? 1);
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
    throw new SpectraError("format", path, `${path}: the scale of /probabilities is ${scale}`);
  }
  return { rows, cols, classNames, labels: Uint8Array.from(values), scale };
}

const codes = new Set<number>(reasons.map(({ code }) => code));

/** Refuse a pixel of a class that has no name, or rejected for a reason that there is not. */
export function checkPlanes(path: string, { classNames }: MapShape, classes: Uint8Array, rejected: Uint8Array): void {
  const nameless = classes.find((value) => value >= classNames.length);
  if (nameless !== undefined) {
    throw new SpectraError("labels", path, `${path}: label value ${nameless} has no name in class_names of /classes`);
  }
  const unknown = rejected.find((code) => !codes.has(code));
  if (unknown === undefined) return;
  throw new SpectraError("format", path, `${path}: ${unknown} in /rejected is no reason that is known`);
}
