import type { CubeReader } from "./open-cube.js";
import { readSpectraTable } from "./spectra-table.js";

/** A table of annotated spectra in the place of a cube: one column, a spectrum a row. */
export function openTable(path: string): CubeReader {
  const { axis, count, values, classNames, labels, patients } = readSpectraTable(path);
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
    labels: () => labels,
    mask: () => undefined,
    patients: () => patients,
    close: () => undefined,
  };
}
