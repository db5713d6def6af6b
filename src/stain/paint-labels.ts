import type { Palette } from "../cube/stain-map.js";
import { colourOf } from "./palettes.js";
import type { Paint } from "./raster.js";

/** An annotation or the simulated truth: a label value a pixel, 0 = unlabelled; names by label value. */
export interface LabelMap {
  readonly classNames: readonly string[];
  readonly labels: Uint8Array;
}

/** Every pixel in the colour of its label, the same as in the stain, for `raster` or `barePng`; unlabelled pixels are white. */
export function labelPaint({ classNames, labels }: LabelMap, palette: Palette): Paint {
  const white = [255, 255, 255] as const;
  const colours = classNames.map((name, label) => (label === 0 ? white : colourOf(palette, name)));
  return (pixel, rgb, at) => {
    rgb.set(colours[labels[pixel]] ?? white, at);
    return undefined;
  };
}
