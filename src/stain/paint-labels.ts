import type { Palette } from "../cube/stain-map.js";
import { type Caption, figure } from "./figure.js";
import { countText } from "./numbers.js";
import { colourOf } from "./palettes.js";
import { type Paint, raster } from "./raster.js";

/** An annotation or the simulated truth: a label value a pixel, 0 = unlabelled; names by label value. */
export interface LabelMap {
  readonly rows: number;
  readonly cols: number;
  readonly classNames: readonly string[];
  readonly labels: Uint8Array;
}

/** Labels as a figure, in the same colours as the stain; unlabelled pixels are white. PNG. */
export async function paintLabels(map: LabelMap, palette: Palette, caption: Caption): Promise<Uint8Array> {
  const pixels = new Float64Array(256);
  for (const label of map.labels) pixels[label]++;
  const colours = labelColours(map, palette);
  const picture = raster(map.rows, map.cols, labelPaint(map, palette));
  const rows = map.classNames.map((name, label) => {
    return { swatch: colours[label], name: label === 0 ? "unlabelled" : name, cells: [countText(pixels[label])] };
  });
  const labelled = rows.filter((_, label) => label > 0 && pixels[label] > 0);
  return figure(
    picture,
    {
      heading: "label",
      columns: ["pixels"],
      rows: pixels[0] > 0 ? [...labelled, rows[0]] : labelled,
      notes: [`${countText(map.labels.length - pixels[0])} labelled pixels`],
    },
    caption,
  );
}

/** Every pixel in the colour of its label, for `raster` or `barePng`. */
export function labelPaint(map: LabelMap, palette: Palette): Paint {
  const colours = labelColours(map, palette);
  return (pixel, rgb, at) => {
    rgb.set(colours[map.labels[pixel]] ?? colours[0], at);
    return undefined;
  };
}

function labelColours({ classNames }: LabelMap, palette: Palette) {
  return classNames.map((name, label) => (label === 0 ? ([255, 255, 255] as const) : colourOf(palette, name)));
}
