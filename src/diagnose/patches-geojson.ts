import { createHash } from "node:crypto";
import type { Patches } from "../cube/bag.js";
import type { Origin } from "../cube/cube.js";

export interface PatchesGeojsonOptions {
  /** Name of the cube; with the place of a patch it makes its identity, the same in every run. */
  readonly name: string;
  /** What a score is, such as "probability". */
  readonly scoreName: string;
  /** Indices of the top patches, highest first. */
  readonly top: readonly number[];
  readonly tumour?: string;
  readonly origin: Origin;
  readonly stamps: readonly string[];
}

/** Colours of a patch and of a top patch, as QuPath has them. */
const colours = { patch: [86, 180, 233], "top patch": [213, 94, 0] } as const;

/**
 * The patches of a cube for QuPath: a GeoJSON FeatureCollection, the top patches as annotations, the others as detections, each with its
 * score and tumour share as measurements. Coordinates are pixels of the full-resolution image, origin top left; rings are closed.
 */
export function patchesGeojson(patches: Patches, scores: Float32Array, options: PatchesGeojsonOptions): string {
  const { name, scoreName, top, tumour, origin, stamps } = options;
  const { coords, edge, mix, classNames, tissue, count } = patches;
  const place = tumour === undefined ? -1 : classNames.indexOf(tumour);
  const features = Array.from({ length: count }, (_, i) => {
    const [x, y] = [coords[2 * i], coords[2 * i + 1]];
    const rank = top.indexOf(i) + 1;
    const kind = rank ? "top patch" : "patch";
    return {
      type: "Feature",
      id: idOf(name, x, y, edge),
      geometry: {
        type: "Polygon",
        coordinates: [
          [
            [x, y],
            [x + edge, y],
            [x + edge, y + edge],
            [x, y + edge],
            [x, y],
          ],
        ],
      },
      properties: {
        objectType: rank ? "annotation" : "detection",
        classification: { name: kind, color: colours[kind] },
        isLocked: false,
        measurements: {
          [scoreName]: scores[i],
          tissue: tissue[i],
          ...(place >= 0 && { [`share ${tumour}`]: mix[i * classNames.length + place] }),
          ...(rank > 0 && { rank }),
        },
      },
    };
  });
  return `${JSON.stringify({ type: "FeatureCollection", origin, stamps, features })}\n`;
}

/** A UUID that depends on nothing but the names: version 8 of RFC 9562, filled from SHA-256. */
function idOf(...names: (string | number)[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(names)).digest();
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
