import { SpectraError } from "../cube/errors.js";
import type { Quantity, Spectra } from "../cube/spectra.js";
import type { PreparedStep } from "../cube/step.js";
import type { Kernels } from "./kernels.js";

const ROWS = 256;

/** Run a prepared step over spectra that lie outside the kernels' room, block by block; the spectra are left as they are. */
export function applyStep<Q extends Quantity>(
  spectra: Spectra,
  quantity: Q,
  step: PreparedStep,
  kernels: Kernels,
): Spectra<Q> {
  const { bands, count } = spectra;
  if (spectra.values.length !== bands * count || spectra.wavenumbers.length !== bands) {
    throw new SpectraError(
      "shape",
      "spectra",
      `${count} spectra of ${bands} bands need ${count * bands} values and ${bands} wavenumbers, ` +
        `not ${spectra.values.length} and ${spectra.wavenumbers.length}`,
    );
  }
  const outBands = step.wavenumbers.length;
  const values = new Float32Array(count * outBands);
  const rowsPerBlock = Math.min(count, ROWS);
  const from = kernels.float32(rowsPerBlock * bands);
  const to = kernels.float32(rowsPerBlock * outBands);
  for (let row = 0; row < count; row += rowsPerBlock) {
    const rows = Math.min(rowsPerBlock, count - row);
    from.set(spectra.values.subarray(row * bands, (row + rows) * bands));
    if (step.apply) step.apply(from, rows, to);
    values.set((step.apply ? to : from).subarray(0, rows * outBands), row * outBands);
  }
  const gaps = step.gaps ?? spectra.gaps;
  return { quantity, wavenumbers: step.wavenumbers, ...(gaps && { gaps }), bands: outBands, count, values };
}
