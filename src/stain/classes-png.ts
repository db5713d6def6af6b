import { encode } from "fast-png";
import type { Palette, StainMap } from "../cube/stain-map.js";
import { colourOf } from "./palettes.js";

/**
 * The classes as a bare PNG, one pixel a pixel, with indexed colours: the index is the label value, 0 (white) is rejected or
 * unclassified. For other programs to read; `paintClasses` is the figure.
 */
export function classesPng(map: StainMap, palette: Palette): Uint8Array {
  const colours = map.classNames.map((name, label) => (label === 0 ? [255, 255, 255] : [...colourOf(palette, name)]));
  return encode({ width: map.cols, height: map.rows, data: map.classes, channels: 1, depth: 8, palette: colours });
}
