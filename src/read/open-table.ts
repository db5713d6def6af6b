import type { LayoutOptions } from "./layout.js";
import type { CubeReader } from "./open-cube.js";
import { planeOf } from "./planes.js";
import { readSpectraTable } from "./spectra-table.js";

/** A table of annotated spectra in the place of a cube: one column, a spectrum a row. */
export function openTable(path: string, { classColumn, patientColumn, axisUnits }: LayoutOptions = {}): CubeReader {
  const table = readSpectraTable(path, { classColumn, patientColumn, units: axisUnits });
  const { axis, count, values, classNames, labels, patients, remarks } = table;
  const plane = planeOf(labels, 1);
  const bands = axis.wavenumbers.length;
  return {
    cube: { path, rows: count, cols: 1, axis, storedQuantity: "absorbance", origin: "unknown", classNames },
    layout: "table of spectra (CSV)",
    rowsPerBlock: count,
    inflatedBytes: () => 0,
    read({ row, rows }, out = new Float32Array(rows * bands)) {
      out.set(values.subarray(row * bands, (row + rows) * bands));
      const block = out.subarray(0, rows * bands);
      return { quantity: "absorbance", wavenumbers: axis.wavenumbers, bands, count: rows, values: block };
    },
    labels: (range = { row: 0, rows: count }) => plane.read(range),
    labelCounts: plane.counts,
    mask: () => undefined,
    maskCounts: () => undefined,
    patients: () => patients,
    remarks,
    close: () => undefined,
  };
}
