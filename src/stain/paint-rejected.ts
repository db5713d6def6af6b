import { reasons } from "../cube/rejected.js";
import type { StainMap } from "../cube/stain-map.js";
import type { Composition } from "./composition.js";
import { type Caption, figure } from "./figure.js";
import type { Swatch } from "./legend.js";
import { countText, percentText } from "./numbers.js";
import { type Paint, raster } from "./raster.js";

/** What the mask leaves out is hatched, every other reason has its colour. */
const swatches: readonly Swatch[] = reasons.map(({ name, colour }) => (name === "masked" ? "hatch" : colour));

/**
 * Why pixels have no class, as a figure: a colour a reason, kept pixels pale grey. The legend gives pixels and the percent of all
 * pixels of the map from `composition`. PNG.
 */
export async function paintRejected(map: StainMap, composition: Composition, caption: Caption): Promise<Uint8Array> {
  const picture = raster(map.rows, map.cols, rejectedPaint(map));
  const found = reasons.filter(({ name }) => (composition.byReason[name] ?? 0) > 0);
  const rows = found.map(({ code, name }) => {
    const pixels = composition.byReason[name];
    return {
      swatch: swatches[code],
      name,
      cells: [countText(pixels), percentText((100 * pixels) / composition.pixels)],
    };
  });
  const meaning = found.filter(({ code }) => code !== 0).map(({ name, text }) => `${name}: ${text}`);
  const notes = [`% of all ${countText(composition.pixels)} pixels`, ...meaning];
  return figure(picture, { heading: "reason", columns: ["pixels", "%"], rows, notes }, caption);
}

/** Every pixel in the colour of its reason, for `raster` or `barePng`. */
export function rejectedPaint(map: StainMap): Paint {
  return (pixel, rgb, at) => {
    const swatch = swatches[map.rejected[pixel]] ?? "hatch";
    if (swatch === "hatch") return "hatch";
    rgb.set(swatch, at);
  };
}
