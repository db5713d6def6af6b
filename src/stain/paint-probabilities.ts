import { SpectraError } from "../cube/errors.js";
import { reasonCode } from "../cube/rejected.js";
import type { StainMap } from "../cube/stain-map.js";
import { type ColourScaleName, colourScale, level } from "./colour-scale.js";
import { paintExcluded } from "./excluded.js";
import { type Caption, figure } from "./figure.js";
import type { Legend } from "./legend.js";
import { type Paint, raster } from "./raster.js";

const UNCLASSIFIED = reasonCode("unclassified");
const ticks = ["0", "0.25", "0.5", "0.75", "1"];

/**
 * The probability of the most probable class, 0 to 1, as a figure. Unclassified pixels have one too and show it; pixels excluded
 * before they were classified are hatched, bare substrate is white. PNG.
 */
export function paintConfidence(map: StainMap, caption: Caption): Promise<Uint8Array> {
  return paintShare(map, highest, "viridis", "probability of the best class", [], caption);
}

/**
 * How undecided the classifier is, as a figure: the entropy −Σ p·ln p of a pixel's probabilities over ln K for K classes, 0 when one
 * class is certain and 1 when all are equally probable. PNG.
 */
export function paintEntropy(map: StainMap, caption: Caption): Promise<Uint8Array> {
  const notes = ["0: one class is certain", "1: all classes equally probable"];
  return paintShare(map, entropy, "inferno", "entropy", notes, caption);
}

/** The probability of one class in every pixel, as a figure. PNG. */
export async function paintProbability(map: StainMap, className: string, caption: Caption): Promise<Uint8Array> {
  const k = map.labels.findIndex((label) => map.classNames[label] === className);
  if (k < 0) {
    const names = [...map.labels].map((label) => map.classNames[label]).join(", ");
    throw new SpectraError("params", "stain", `there is no class "${className}" in this map; it has ${names}`);
  }
  return paintShare(map, (values, start) => values[start + k], "viridis", "probability", [className], caption);
}

function highest(values: Float32Array, start: number, size: number): number {
  let found = 0;
  for (let i = start; i < start + size; i++) if (values[i] > found) found = values[i];
  return found;
}

function entropy(values: Float32Array, start: number, size: number): number {
  let sum = 0;
  for (let i = start; i < start + size; i++) if (values[i] > 0) sum -= values[i] * Math.log(values[i]);
  return size > 1 ? sum / Math.log(size) : 0;
}

function paintShare(
  map: StainMap,
  share: (values: Float32Array, start: number, size: number) => number,
  scaleName: ColourScaleName,
  heading: string,
  notes: readonly string[],
  caption: Caption,
): Promise<Uint8Array> {
  const colours = colourScale(scaleName);
  let excluded = false;
  const paint = sharePaint(map, share, scaleName);
  const picture = raster(map.rows, map.cols, (pixel, rgb, at) => {
    const how = paint(pixel, rgb, at);
    if (how === "hatch") excluded = true;
    return how;
  });
  const rows: Legend["rows"] = excluded ? [{ swatch: "hatch", name: "excluded" }] : [];
  return figure(picture, { heading, scale: { colours, ticks }, rows, notes }, caption);
}

function sharePaint(
  map: StainMap,
  share: (values: Float32Array, start: number, size: number) => number,
  scaleName: ColourScaleName,
): Paint {
  const colours = colourScale(scaleName);
  const size = map.labels.length;
  return (pixel, rgb, at) => {
    const reason = map.rejected[pixel];
    if (reason !== 0 && reason !== UNCLASSIFIED) return paintExcluded(reason, rgb, at);
    const from = level(share(map.probabilities, pixel * size, size), 0, 1) * 3;
    for (let channel = 0; channel < 3; channel++) rgb[at + channel] = colours[from + channel];
  };
}

/** Every pixel in the colour of its highest probability, for `raster` or `barePng`. */
export function confidencePaint(map: StainMap): Paint {
  return sharePaint(map, highest, "viridis");
}
