import { reasonCode } from "../cube/rejected.js";
import type { Palette, StainMap } from "../cube/stain-map.js";
import type { Composition } from "./composition.js";
import { excludedCounts, paintExcluded } from "./excluded.js";
import { type Caption, figure } from "./figure.js";
import type { Legend } from "./legend.js";
import { areaText, countText, percentText } from "./numbers.js";
import { colourOf, unclassifiedColour } from "./palettes.js";
import { raster } from "./raster.js";

const UNCLASSIFIED = reasonCode("unclassified");

/**
 * The digital stain as a figure: every pixel in the colour of its class, unclassified pixels light grey, excluded ones hatched, bare
 * substrate white. The legend gives pixels, mm² (where the pixel size is known) and the percent of the classified pixels from
 * `composition`, so that a thinned map still shows the counts of the whole one. PNG.
 */
export async function paintClasses(
  map: StainMap,
  composition: Composition,
  palette: Palette,
  caption: Caption,
): Promise<Uint8Array> {
  const colours = map.classNames.map((name) => colourOf(palette, name));
  const picture = raster(map.rows, map.cols, (pixel, rgb, at) => {
    const reason = map.rejected[pixel];
    if (reason !== 0 && reason !== UNCLASSIFIED) return paintExcluded(reason, rgb, at);
    rgb.set(reason === UNCLASSIFIED ? unclassifiedColour : colours[map.classes[pixel]], at);
  });
  return figure(picture, classLegend(composition, caption.pixelSizeUm), caption);
}

function classLegend(composition: Composition, pixelSizeUm?: number): Legend {
  const area = (pixels: number) => (pixelSizeUm === undefined ? [] : [areaText((pixels * pixelSizeUm ** 2) / 1e6)]);
  const cells = (pixels: number, percent: number | null) => [countText(pixels), ...area(pixels), percentText(percent)];
  const { byReason } = composition;
  const classified = byReason.kept ?? 0;
  const { background, hatched } = excludedCounts(byReason);
  const unclassified = byReason.unclassified ?? 0;
  // The last two rows of a composition are "unclassified" and "rejected"; here the rejected are split by how they are painted.
  const classRows = composition.rows.slice(0, -2).map(({ name, colour, pixels, percent }) => {
    return { swatch: colour, name, cells: cells(pixels, percent) };
  });
  const without = [
    { swatch: unclassifiedColour, name: "unclassified", pixels: unclassified },
    { swatch: "hatch" as const, name: "excluded", pixels: hatched },
    {
      swatch: [255, 255, 255] as const,
      name: byReason.masked ? "no tissue or masked" : "no tissue",
      pixels: background,
    },
  ].filter(({ pixels }) => pixels > 0);
  return {
    heading: "class",
    columns: ["pixels", ...(pixelSizeUm === undefined ? [] : ["mm²"]), "%"],
    rows: [...classRows, ...without.map((row) => ({ ...row, cells: cells(row.pixels, null) }))],
    notes: [
      `% of ${countText(classified)} classified pixels`,
      ...(pixelSizeUm === undefined ? ["pixel size not known, so no areas"] : []),
    ],
  };
}
