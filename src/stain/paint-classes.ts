import { reasonCode } from "../cube/rejected.js";
import type { Palette, StainMap } from "../cube/stain-map.js";
import { classLegend } from "./class-legend.js";
import type { Composition } from "./composition.js";
import { paintExcluded } from "./excluded.js";
import { type Caption, figure } from "./figure.js";
import { colourOf, unclassifiedColour } from "./palettes.js";
import { type Paint, raster } from "./raster.js";

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
  const picture = raster(map.rows, map.cols, classPaint(map, palette));
  return figure(picture, classLegend(composition, caption.pixelSizeUm), caption);
}

/** Every pixel in the colour of its class, for `raster` or `barePng`. */
export function classPaint(map: StainMap, palette: Palette): Paint {
  const colours = map.classNames.map((name) => colourOf(palette, name));
  return (pixel, rgb, at) => {
    const reason = map.rejected[pixel];
    if (reason !== 0 && reason !== UNCLASSIFIED) return paintExcluded(reason, rgb, at);
    rgb.set(reason === UNCLASSIFIED ? unclassifiedColour : colours[map.classes[pixel]], at);
  };
}
