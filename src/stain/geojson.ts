import { createHash } from "node:crypto";
import type { Origin } from "../cube/cube.js";
import type { Palette, StainMap } from "../cube/stain-map.js";
import type { Composition } from "./composition.js";
import { colourOf } from "./palettes.js";
import { findRegions, type Regions } from "./regions.js";
import { traceRing } from "./trace-ring.js";

export interface GeojsonOptions {
  /** Name of the stained file; with the class it makes the identity of a polygon, the same in every run. */
  readonly file: string;
  readonly palette: Palette;
  /** Where the mean probability of a class comes from. */
  readonly composition: Composition;
  readonly origin: Origin;
  readonly stamps?: readonly string[];
  /** Missing: no area in mm². */
  readonly pixelSizeUm?: number;
  /** Regions of fewer pixels are left out; 4 if not given, 0 keeps all. */
  readonly minimumArea?: number;
}

/**
 * The classes as polygons for QuPath and other viewers: a GeoJSON FeatureCollection, one feature a class, its geometry a Polygon or
 * MultiPolygon along the edges of the pixels. Comes in pieces of text, a class at a time, so that large maps need not fit into one.
 *
 * Coordinates are pixels of the full-resolution image, origin top left, x to the right and y down. Rings are closed, hold corners
 * only, and turn as RFC 7946 asks when x and y are taken as numbers: the outer ring has a positive signed area, holes a negative one
 * (on a screen with y down the outer ring looks clockwise). Regions hang together by pixel sides, are at least `minimumArea` large,
 * and keep their holes whatever their size.
 * Measurements: `pixels` and `area_mm2` of what is drawn, `mean_probability` over all pixels of the class.
 */
export function* geojson(
  map: Pick<StainMap, "rows" | "cols" | "classNames" | "labels" | "classes">,
  options: GeojsonOptions,
): Generator<string> {
  const { minimumArea = 4, origin, stamps = [] } = options;
  const regions = findRegions(map.classes, map.rows, map.cols);
  const visited = new Uint8Array(regions.region.length);
  yield `{"type":"FeatureCollection","origin":${JSON.stringify(origin)},"stamps":${JSON.stringify(stamps)},"features":[`;
  let separator = "\n";
  for (const label of map.labels) {
    const { polygons, pixels } = polygonsOf(map, label, regions, visited, minimumArea);
    if (polygons.length === 0) continue;
    const head = { type: "Feature", id: idOf(options.file, map.classNames[label]) };
    yield `${separator}${JSON.stringify(head).slice(0, -1)},"geometry":`;
    if (polygons.length === 1) yield `{"type":"Polygon","coordinates":[${polygons[0].join()}]}`;
    else {
      yield `{"type":"MultiPolygon","coordinates":[`;
      for (const [i, rings] of polygons.entries()) yield `${i > 0 ? ",\n" : ""}[${rings.join()}]`;
      yield "]}";
    }
    yield `,"properties":${JSON.stringify(propertiesOf(map.classNames[label], pixels, options))}}`;
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** The polygons of a class, each as its rings in JSON, outer ring first, and the pixels they cover. */
function polygonsOf(
  { rows, cols, classes }: Pick<StainMap, "rows" | "cols" | "classes">,
  label: number,
  regions: Regions,
  visited: Uint8Array,
  minimumArea: number,
): { polygons: string[][]; pixels: number } {
  const { width, region, area } = regions;
  const polygons = new Map<number, string[]>();
  let pixels = 0;
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++, pixel++) {
      if (classes[pixel] !== label) continue;
      const cell = (row + 1) * width + col + 1;
      const inside = region[cell];
      // Every ring runs eastwards along the top of some pixel, and its first such pixel in reading order is a corner.
      if (region[cell - width] === inside || visited[cell] === 1 || area[inside] < minimumArea) continue;
      const ring = ringText(traceRing(regions, cell, visited));
      const rings = polygons.get(inside);
      // The first pixel of a region lies on its outer boundary, so the outer ring comes first.
      if (rings) rings.push(ring);
      else {
        polygons.set(inside, [ring]);
        pixels += area[inside];
      }
    }
  }
  return { polygons: [...polygons.values()], pixels };
}

function ringText(corners: number[]): string {
  const points: string[] = [];
  for (let i = 0; i < corners.length; i += 2) points.push(`[${corners[i]},${corners[i + 1]}]`);
  return `[${points.join()}]`;
}

function propertiesOf(name: string, pixels: number, { palette, pixelSizeUm, composition }: GeojsonOptions) {
  const meanProbability = composition.rows.find((row) => row.name === name)?.meanProbability ?? undefined;
  return {
    objectType: "annotation",
    classification: { name, color: colourOf(palette, name) },
    isLocked: false,
    measurements: {
      pixels,
      area_mm2: pixelSizeUm === undefined ? undefined : (pixels * pixelSizeUm * pixelSizeUm) / 1e6,
      mean_probability: meanProbability,
    },
  };
}

/** A UUID that depends on nothing but the names: version 8 of RFC 9562, filled from SHA-256. */
function idOf(file: string, className: string): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify([file, className]))
    .digest();
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
