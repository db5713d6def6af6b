import type { Bag } from "../cube/bag.js";
import type { InputFinding } from "../cube/findings.js";
import { cubeName, fileHash } from "../cube/identity.js";

/** The line of a bag among the inputs of a report: the cube that its patches were cut from. */
export function bagInput(bag: Bag): InputFinding {
  const { wavenumbers } = bag.patches;
  return {
    file: bag.file,
    sha256: fileHash(bag.cube),
    cube: cubeName(bag.cube),
    bytes: bag.cube.bytes,
    rows: bag.rows,
    cols: bag.cols,
    bands: wavenumbers.length,
    range: [wavenumbers[0], wavenumbers[wavenumbers.length - 1]],
    patient: bag.patient,
    core: bag.core,
    pixelSizeUm: bag.pixelSizeUm,
    origin: bag.origin,
  };
}
