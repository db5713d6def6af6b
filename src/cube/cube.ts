import type { Axis } from "./axis.js";

/** Whether data were measured, simulated, or made from measured data. Printed with every figure. */
export type Origin = "real" | "simulated" | "derived" | "unknown";

/** All that is known of a cube but its spectra. Pixels are row-major, origin top-left. */
export interface Cube {
  readonly path: string;
  readonly rows: number;
  readonly cols: number;
  readonly axis: Axis;
  /** What the file holds; `read` converts transmittance to absorbance at the door. */
  readonly storedQuantity: "absorbance" | "transmittance";
  readonly pixelSizeUm?: number;
  readonly modality?: string;
  readonly mode?: string;
  readonly patient?: string;
  readonly core?: string;
  readonly slide?: string;
  readonly geometry?: string;
  readonly origin: Origin;
  readonly source?: string;
  /** Names by label value; index 0 is "unlabelled". Missing when the cube has no labels. */
  readonly classNames?: readonly string[];
}
