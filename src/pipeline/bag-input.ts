import { statSync } from "node:fs";
import type { Bag } from "../cube/bag.js";
import type { InputFinding } from "../cube/findings.js";

/** The line of a bag among the inputs of a report: the cube that its patches were cut from. */
export function bagInput(bag: Bag): InputFinding {
  const { wavenumbers } = bag.patches;
  return {
    file: bag.file,
    bytes: statSync(bag.file, { throwIfNoEntry: false })?.size ?? 0,
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
