import { SpectraError } from "../cube/errors.js";
import { colourScale, level } from "./colour-scale.js";
import { type Caption, figure } from "./figure.js";
import { digitsText } from "./numbers.js";
import { type Paint, raster } from "./raster.js";
import { robustRange } from "./robust-range.js";

/** An image of one number a pixel, row-major: an integral, a ratio, an absorbance. */
export interface Plane {
  readonly name: string;
  readonly values: Float32Array;
  /** Of the values, such as "cm⁻¹" for an integral; missing when they have none. */
  readonly unit?: string;
}

/**
 * One chemical image such as the amide I integral, as a figure. The colour scale runs from the 1st to the 99th percentile, values
 * beyond take the end colours, pixels that are not finite are hatched. PNG.
 */
export async function paintIntensity(plane: Plane, rows: number, cols: number, caption: Caption): Promise<Uint8Array> {
  checkPlane(plane, rows, cols);
  const [low, high] = robustRange(plane.values);
  const colours = colourScale("inferno");
  const picture = raster(rows, cols, intensityPaint(plane, [low, high]));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => digitsText(low + part * (high - low)));
  ticks[0] = `≤ ${ticks[0]}`;
  ticks[4] = `≥ ${ticks[4]}`;
  const heading = plane.unit ? `${plane.name} / ${plane.unit}` : plane.name;
  const notes = ["ends of the scale: 1st and 99th percentile"];
  return figure(picture, { heading, scale: { colours, ticks }, rows: [], notes }, caption);
}

/** Every pixel in the colour of its value between two limits, for `raster` or `barePng`; the robust range if none are given. */
export function intensityPaint({ values }: Plane, [low, high] = robustRange(values)): Paint {
  const colours = colourScale("inferno");
  return (pixel, rgb, at) => {
    const value = values[pixel];
    if (!Number.isFinite(value)) return "hatch";
    const from = level(value, low, high) * 3;
    for (let channel = 0; channel < 3; channel++) rgb[at + channel] = colours[from + channel];
  };
}

/** Refuse a plane that does not have one value a pixel. */
export function checkPlane(plane: Plane, rows: number, cols: number): void {
  if (plane.values.length === rows * cols) return;
  const message = `the image "${plane.name}" has ${plane.values.length} values for ${rows} × ${cols} pixels`;
  throw new SpectraError("shape", "stain", message);
}
