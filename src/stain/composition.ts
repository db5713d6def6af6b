import type { CompositionFinding } from "../cube/findings.js";
import { reasonCode, reasons } from "../cube/rejected.js";
import type { Palette, StainMap } from "../cube/stain-map.js";
import { colourOf, unclassifiedColour } from "./palettes.js";

/** Probabilities are summed as whole multiples of 2⁻²⁴, which is exact: the order of the blocks leaves no trace in the last digit. */
const FINE = 2 ** 24;

/** What a map is made of, counted block by block. */
export interface CompositionCounts {
  readonly classNames: readonly string[];
  readonly labels: Uint8Array;
  /** Pixels by label value; index 0 is not used. */
  readonly pixels: Float64Array;
  /** Sum by label value of the probability of the class that the pixels have, in units of 2⁻²⁴. */
  readonly probability: Float64Array;
  /** Pixels by reason code; index 0 are the kept. */
  readonly reasons: Float64Array;
}

export interface Composition {
  /** One row a class in the order of `labels`, then "unclassified" and "rejected". */
  readonly rows: readonly CompositionFinding[];
  /** Pixels by reason name, "kept" first; reasons without pixels are left out. */
  readonly byReason: Readonly<Record<string, number>>;
  /** All pixels of the map. */
  readonly pixels: number;
}

export function openComposition(classNames: readonly string[], labels: Uint8Array): CompositionCounts {
  const counts = () => new Float64Array(256);
  return { classNames, labels, pixels: counts(), probability: counts(), reasons: counts() };
}

/** Add a block of pixels to the counts, in place; blocks may come in any order, probabilities as in `StainMap`. */
export function addToComposition(
  counts: CompositionCounts,
  classes: Uint8Array,
  probabilities: Float32Array,
  rejected: Uint8Array,
): void {
  const { labels, pixels, probability, reasons: byCode } = counts;
  const size = labels.length;
  for (let i = 0; i < classes.length; i++) {
    byCode[rejected[i]]++;
    if (rejected[i] !== 0) continue;
    const k = labels.indexOf(classes[i]);
    pixels[classes[i]]++;
    if (k >= 0) probability[classes[i]] += Math.round(probabilities[i * size + k] * FINE);
  }
}

/** Add the counts of another part of the same map, in place. */
export function mergeComposition(counts: CompositionCounts, part: CompositionCounts): void {
  for (const name of ["pixels", "probability", "reasons"] as const) {
    for (let i = 0; i < 256; i++) counts[name][i] += part[name][i];
  }
}

/**
 * Turn counts into the rows of the report. A class's percent is its share of the classified pixels, its area pixels times the
 * pixel's area, its mean probability that of its own class over its pixels. Null where there is no classified pixel, no pixel size,
 * or no pixel of the class. "unclassified" (best class below the threshold) and "rejected" (every other reason) have percent null.
 */
export function compositionOf(counts: CompositionCounts, palette: Palette, pixelSizeUm?: number): Composition {
  const classified = counts.labels.reduce((sum, label) => sum + counts.pixels[label], 0);
  const total = counts.reasons.reduce((sum, n) => sum + n, 0);
  const unclassified = counts.reasons[reasonCode("unclassified")];
  const area = (pixels: number) => (pixelSizeUm === undefined ? null : (pixels * pixelSizeUm * pixelSizeUm) / 1e6);
  const without = (name: string, colour: CompositionFinding["colour"], pixels: number): CompositionFinding => {
    return { name, colour, pixels, percent: null, areaMm2: area(pixels), meanProbability: null };
  };
  const classRows = [...counts.labels].map((label): CompositionFinding => {
    const pixels = counts.pixels[label];
    return {
      name: counts.classNames[label],
      colour: colourOf(palette, counts.classNames[label]),
      pixels,
      percent: classified > 0 ? (100 * pixels) / classified : null,
      areaMm2: area(pixels),
      meanProbability: pixels > 0 ? counts.probability[label] / FINE / pixels : null,
    };
  });
  return {
    rows: [
      ...classRows,
      without("unclassified", unclassifiedColour, unclassified),
      without("rejected", [160, 160, 160], total - counts.reasons[0] - unclassified),
    ],
    byReason: Object.fromEntries(
      reasons.filter(({ code }) => counts.reasons[code] > 0).map(({ code, name }) => [name, counts.reasons[code]]),
    ),
    pixels: total,
  };
}

/** The composition of a whole map. */
export function composition(map: StainMap, options: { palette: Palette; pixelSizeUm?: number }): Composition {
  const counts = openComposition(map.classNames, map.labels);
  addToComposition(counts, map.classes, map.probabilities, map.rejected);
  return compositionOf(counts, options.palette, options.pixelSizeUm);
}
