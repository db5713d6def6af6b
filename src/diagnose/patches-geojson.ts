import type { Bag, Patches } from "../cube/bag.js";
import type { Origin } from "../cube/cube.js";
import { stableId } from "../cube/stable-id.js";
import { gridPatches } from "./grid-patches.js";

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
  /** What of the cube became no patch; told in the file as `left_out`. */
  readonly leftOut?: PatchesLeftOut;
}

/** Places of the grid with less than a share of tissue, where no patch was cut. */
export interface PatchesLeftOut {
  readonly tissueBelow: number;
  readonly patches: number;
}

/** What a bag leaves out of the grid that it was cut on; nothing of point spectra, which are all there. */
export function patchesLeftOut({ geometry, file, rows, cols, tissueFraction, patches }: Bag): PatchesLeftOut {
  if (geometry === "points") return { tissueBelow: 0, patches: 0 };
  const { tops, lefts } = gridPatches(rows, cols, patches.edge, patches.stride, file);
  return { tissueBelow: tissueFraction, patches: tops.length * lefts.length - patches.count };
}

/** Colours of a patch and of a top patch, as QuPath has them. */
const colours = { patch: [86, 180, 233], "top patch": [213, 94, 0] } as const;

/**
 * The patches of a cube for QuPath: a GeoJSON FeatureCollection, the top patches as annotations, the others as detections, each with its
 * score and tumour share as measurements. All patches of the bag are there; what the bag left out is counted in `left_out`. Coordinates are pixels of the full-resolution image, origin top left; rings are closed.
 */
export function patchesGeojson(patches: Patches, scores: Float32Array, options: PatchesGeojsonOptions): string {
  const { name, scoreName, top, tumour, origin, stamps, leftOut } = options;
  const { coords, edge, mix, classNames, tissue, count } = patches;
  const place = tumour === undefined ? -1 : classNames.indexOf(tumour);
  const features = Array.from({ length: count }, (_, i) => {
    const [x, y] = [coords[2 * i], coords[2 * i + 1]];
    const rank = top.indexOf(i) + 1;
    const kind = rank ? "top patch" : "patch";
    return {
      type: "Feature",
      id: stableId(name, x, y, edge),
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
  const left_out = leftOut && { tissue_below: leftOut.tissueBelow, patches: leftOut.patches };
  const generator = "spectrastain/patches/1";
  return `${JSON.stringify({ type: "FeatureCollection", generator, origin, stamps, left_out, features })}\n`;
}
