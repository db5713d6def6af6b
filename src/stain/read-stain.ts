import { allWithin } from "../cube/check-values.js";
import { SpectraError } from "../cube/errors.js";
import type { StainMap } from "../cube/stain-map.js";
import { openHdf5 } from "../hdf5/open.js";
import { checkPlanes, stainShape } from "./stain-shape.js";

/**
 * Read a stain file back into a map; probabilities stored as uint8 come back as value / 255.
 * A file without the three datasets, or with datasets that do not belong together, is refused.
 */
export async function readStain(path: string): Promise<StainMap> {
  const file = await openHdf5(path);
  try {
    const shape = stainShape(file);
    const { rows, cols, labels, scale, classNames } = shape;
    const [classes, rejected] = ["/classes", "/rejected"].map((name) => file.read(name) as Uint8Array);
    checkPlanes(path, shape, classes, rejected);
    file.checkWhole("/probabilities");
    const probabilities = new Float32Array(rows * cols * labels.length);
    file.readFloat32("/probabilities", [0, 0, 0], [rows, cols, labels.length], probabilities);
    for (let i = 0; scale !== 1 && i < probabilities.length; i++) probabilities[i] /= scale;
    if (!allWithin(probabilities, 0, 1 + 1e-3)) {
      throw new SpectraError("range", path, `${path}: a probability is not from 0 to 1; the file is damaged`);
    }
    return { rows, cols, classNames, labels, classes, probabilities, rejected };
  } finally {
    file.close();
  }
}
