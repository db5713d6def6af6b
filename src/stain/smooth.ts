import { SpectraError } from "../cube/errors.js";
import type { Pipeline } from "../cube/model.js";
import type { StainMap } from "../cube/stain-map.js";
import { guided } from "./guided.js";
import { majority } from "./majority.js";

/**
 * Smooth a whole map as the pipeline says: "none" gives it back as it is, "majority" votes among the 3 × 3 neighbours, "guided"
 * smooths the probabilities along the amide I image `guide` and decides again. Rejected pixels never change.
 */
export function smooth(map: StainMap, stain: Pipeline["stain"], guide?: Float32Array): StainMap {
  if (stain.smoothing === "none") return map;
  if (stain.smoothing === "majority") return majority(map);
  if (!guide) {
    throw new SpectraError(
      "missing",
      "stain",
      'guided smoothing needs the amide I image, and the axis of this cube does not reach it; use smoothing "majority" or "none"',
    );
  }
  return guided(map, guide, { threshold: stain.threshold });
}
