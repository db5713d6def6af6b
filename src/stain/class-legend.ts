import type { Composition } from "./composition.js";
import { excludedCounts } from "./excluded.js";
import type { Legend } from "./legend.js";
import { areaText, countText, percentText } from "./numbers.js";
import { unclassifiedColour } from "./palettes.js";

/**
 * The legend of a class map: a row a class with its pixels, mm² and percent of the classified pixels, then what has no class, as far
 * as there is any. Without a pixel size the mm² are left out, and a note says so.
 */
export function classLegend(composition: Composition, pixelSizeUm?: number): Legend {
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
