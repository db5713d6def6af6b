import { SpectraError } from "../cube/errors.js";
import type { StainMap } from "../cube/stain-map.js";
import { type Hdf5File, openHdf5 } from "../hdf5/open.js";

/**
 * Read a stain file back into a map; probabilities stored as uint8 come back as value / 255.
 * A file without the three datasets, or with datasets of different sizes, is refused.
 */
export async function readStain(path: string): Promise<StainMap> {
  const file = await openHdf5(path);
  try {
    const { shape, attributes } = file.info("/classes");
    const probabilityInfo = file.info("/probabilities");
    const rejectedInfo = file.info("/rejected");
    const [rows, cols] = shape;
    const classNames = texts(attributes.class_names);
    const labels = Uint8Array.from([probabilityInfo.attributes.labels ?? []].flat().map(Number));
    const expected = [rows, cols, labels.length].join();
    if (shape.length !== 2 || rejectedInfo.shape.join() !== shape.join() || probabilityInfo.shape.join() !== expected) {
      throw new SpectraError(
        "shape",
        path,
        `${path}: /classes is [${shape}], /rejected [${rejectedInfo.shape}] and /probabilities [${probabilityInfo.shape}] for ${labels.length} labels; they do not belong together`,
      );
    }
    const classes = bytes(file, "/classes");
    const highest = Math.max(
      classes.reduce((most, label) => Math.max(most, label), 0),
      ...labels,
    );
    if (highest >= classNames.length) {
      throw new SpectraError("labels", path, `${path}: label value ${highest} has no name in class_names of /classes`);
    }
    const probabilities = new Float32Array(rows * cols * labels.length);
    file.readFloat32("/probabilities", [0, 0, 0], probabilityInfo.shape, probabilities);
    const scale = Number(probabilityInfo.attributes.scale ?? 1);
    if (!(scale > 0)) throw new SpectraError("format", path, `${path}: the scale of /probabilities is ${scale}`);
    for (let i = 0; scale !== 1 && i < probabilities.length; i++) probabilities[i] /= scale;
    return { rows, cols, classNames, labels, classes, probabilities, rejected: bytes(file, "/rejected") };
  } finally {
    file.close();
  }
}

/** A uint8 dataset; a file of another type is refused rather than cut to bytes. */
function bytes(file: Hdf5File, name: string): Uint8Array {
  const values = file.read(name);
  if (values instanceof Uint8Array) return values;
  throw new SpectraError(
    "format",
    file.path,
    `${name} of ${file.path} is ${file.info(name).type}; a stain file holds uint8 there`,
  );
}

function texts(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
