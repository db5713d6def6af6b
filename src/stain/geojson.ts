import type { Origin } from "../cube/cube.js";
import type { PolygonFinding } from "../cube/findings.js";
import { stableId } from "../cube/stable-id.js";
import type { Palette, StainMap } from "../cube/stain-map.js";
import type { Composition } from "./composition.js";
import { findOutlines, type Outlines } from "./outlines.js";
import { colourOf } from "./palettes.js";
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
  /** Regions of fewer pixels are left out, and counted; none are if not given. */
  readonly minimumArea?: number;
}

/** Characters that are gathered before a piece is handed on. */
const PIECE = 1 << 16;

/**
 * The classes as polygons for QuPath and other viewers: a GeoJSON FeatureCollection, one feature a class, its geometry a Polygon or
 * MultiPolygon along the edges of the pixels. Comes in pieces of text, and gives at the end what it holds and what it leaves out;
 * `left_out` in the file says the same. Of a map of millions of small regions only a few bytes a pixel are held at a time.
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
): Generator<string, PolygonFinding> {
  const { minimumArea = 0, origin, stamps = [] } = options;
  const outlines = findOutlines(map);
  const { drawn, leftOut, finding } = countRegions(map, outlines, minimumArea);
  const about = {
    origin,
    stamps,
    left_out: { smaller_than_pixels: minimumArea, ...finding.leftOut, classes: leftOut },
  };
  yield `{"type":"FeatureCollection","generator":"spectrastain/polygons/1",${JSON.stringify(about).slice(1, -1)},"features":[`;
  let separator = "\n";
  for (const label of map.labels) {
    const { polygons, pixels } = drawn[label];
    if (polygons === 0) continue;
    const head = { type: "Feature", id: stableId(options.file, map.classNames[label]) };
    const several = polygons > 1;
    yield `${separator}${JSON.stringify(head).slice(0, -1)},"geometry":`;
    yield `{"type":"${several ? "MultiPolygon" : "Polygon"}","coordinates":${several ? "[" : ""}`;
    let piece = "";
    let comma = "";
    for (const rings of polygonsOf(outlines, label, minimumArea)) {
      piece += `${comma}[${rings}]`;
      comma = ",\n";
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
    }
    yield `${piece}${several ? "]" : ""}}`;
    yield `,"properties":${JSON.stringify(propertiesOf(map.classNames[label], pixels, options))}}`;
    separator = ",\n";
  }
  yield "\n]}\n";
  return finding;
}

/** Regions and pixels of each class that are drawn, by label value; of those that are not, only classes that have some. */
function countRegions(
  { classNames, labels }: Pick<StainMap, "classNames" | "labels">,
  { regions: { area }, label }: Outlines,
  minimumArea: number,
) {
  const counts = () => Array.from({ length: 256 }, () => ({ polygons: 0, pixels: 0 }));
  const [drawn, missing] = [counts(), counts()];
  for (let r = 1; r < area.length; r++) {
    // A number that turned out to be part of another region has no pixels.
    if (area[r] === 0) continue;
    const count = (area[r] < minimumArea ? missing : drawn)[label[r]];
    count.polygons++;
    count.pixels += area[r];
  }
  const sum = (of: typeof drawn, what: "polygons" | "pixels") =>
    labels.reduce((total, one) => total + of[one][what], 0);
  const leftOut = Array.from(labels)
    .filter((one) => missing[one].polygons > 0)
    .map((one) => ({ name: classNames[one], regions: missing[one].polygons, pixels: missing[one].pixels }));
  const finding: PolygonFinding = {
    regions: sum(drawn, "polygons"),
    minimumPixels: minimumArea,
    leftOut: { regions: sum(missing, "polygons"), pixels: sum(missing, "pixels") },
  };
  return { drawn, leftOut, finding };
}

/** The polygons of a class, each as its rings in JSON, outer ring first. */
function* polygonsOf({ regions, starts, first, label, visited }: Outlines, of: number, minimumArea: number) {
  const { area } = regions;
  for (let r = 1; r < area.length; r++) {
    if (label[r] !== of || area[r] < minimumArea || first[r] === first[r + 1]) continue;
    let rings = "";
    for (let i = first[r]; i < first[r + 1]; i++) {
      rings += `${i > first[r] ? "," : ""}${ringText(traceRing(regions, starts[i], visited))}`;
    }
    yield rings;
  }
}

function ringText(corners: number[]): string {
  let points = "";
  for (let i = 0; i < corners.length; i += 2) points += `${i > 0 ? "," : ""}[${corners[i]},${corners[i + 1]}]`;
  return `[${points}]`;
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
