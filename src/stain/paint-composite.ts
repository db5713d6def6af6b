import { level } from "./colour-scale.js";
import { type Caption, figure } from "./figure.js";
import type { Swatch } from "./legend.js";
import { digitsText } from "./numbers.js";
import { checkPlane, type Plane } from "./paint-intensity.js";
import { type Paint, raster } from "./raster.js";
import { robustRange } from "./robust-range.js";

const channels: readonly Swatch[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
];

/**
 * Three chemical images as the red, green and blue of one figure, each scaled by itself from its 1st percentile (dark) to its 99th
 * (full). A pixel that is not finite in one of them is hatched. PNG.
 */
export async function paintComposite(
  planes: readonly [red: Plane, green: Plane, blue: Plane],
  rows: number,
  cols: number,
  caption: Caption,
): Promise<Uint8Array> {
  for (const plane of planes) checkPlane(plane, rows, cols);
  const limits = planes.map((plane) => robustRange(plane.values));
  const picture = raster(rows, cols, compositePaint(planes, limits));
  const rowsOfLegend = planes.map(({ name, unit }, channel) => {
    return {
      swatch: channels[channel],
      name: unit ? `${name} / ${unit}` : name,
      cells: limits[channel].map(digitsText),
    };
  });
  const notes = ["dark and full: 1st and 99th percentile"];
  return figure(picture, { heading: "channel", columns: ["dark", "full"], rows: rowsOfLegend, notes }, caption);
}

/** Three planes as red, green and blue between their limits, for `raster` or `barePng`; the robust ranges if none are given. */
export function compositePaint(
  planes: readonly [red: Plane, green: Plane, blue: Plane],
  limits = planes.map((plane) => robustRange(plane.values)),
): Paint {
  return (pixel, rgb, at) => {
    for (let channel = 0; channel < 3; channel++) {
      const value = planes[channel].values[pixel];
      if (!Number.isFinite(value)) return "hatch";
      rgb[at + channel] = level(value, limits[channel][0], limits[channel][1]);
    }
  };
}
