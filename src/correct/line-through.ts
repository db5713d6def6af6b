import { SpectraError } from "../cube/errors.js";
import type { PreparedStep } from "../cube/step.js";
import type { Kernels } from "../kernels/kernels.js";
import { bandAt } from "./band-at.js";

/** The step that subtracts straight pieces through the bands nearest to some wavenumbers, both ends if there are none. */
export function prepareLine(
  wavenumbers: Float64Array,
  points: readonly number[] | undefined,
  kernels: Kernels,
  method: string,
  parameter: string,
): PreparedStep {
  const bands = wavenumbers.length;
  const at = points
    ? points.map((point) => bandAt(wavenumbers, point, method, parameter)).sort((a, b) => a - b)
    : [0, bands - 1];
  for (let i = 1; i < at.length; i++) {
    if (at[i] === at[i - 1]) {
      throw new SpectraError(
        "params",
        "correct",
        `${method}: parameter "${parameter}" is ${JSON.stringify(points)}; two of them meet at ${wavenumbers[at[i]]} cm-1`,
      );
    }
  }
  const nodes = kernels.int32(at.length);
  nodes.set(at);
  const ramp = kernels.float32(bands);
  let piece = 0;
  for (let band = 0; band < bands; band++) {
    while (piece < at.length - 2 && band >= at[piece + 1]) piece++;
    const left = wavenumbers[at[piece]];
    ramp[band] = (wavenumbers[band] - left) / (wavenumbers[at[piece + 1]] - left);
  }
  return {
    wavenumbers,
    fold: { does: "line", nodes, ramp },
    reads: (wanted) => {
      const read = wanted.slice();
      for (const node of at) read[node] = 1;
      return read;
    },
    apply: (values, count, out) => kernels.linearBaseline(values, count, bands, nodes, nodes.length, ramp, out),
  };
}
