import { scale } from "@observablehq/plot";

export type ColourScaleName = "viridis" | "inferno";

/** A perceptually uniform colour scale as 256 colours from low to high: `table[level * 3]`, from d3-scale-chromatic by way of Plot. */
export function colourScale(name: ColourScaleName): Uint8Array {
  const colours = scale({ color: { type: "linear", domain: [0, 255], scheme: name } })!;
  const table = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) {
    const [, hex] = /^#([0-9a-f]{6})$/i.exec(colours.apply(level))!;
    for (let channel = 0; channel < 3; channel++) {
      table[level * 3 + channel] = Number.parseInt(hex.slice(channel * 2, channel * 2 + 2), 16);
    }
  }
  return table;
}

/** The place of a value on a scale of 256 levels between two limits, values beyond them at the ends; a flat scale is all middle. */
export function level(value: number, low: number, high: number): number {
  if (!(high > low)) return 128;
  return Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low))));
}
