import { spareMemory } from "../read/plan-reading.js";

/** Bytes a pixel that the tracing of polygons takes. */
const TRACED = 7;
/** Polygons of a small map are traced whatever the memory. */
const LEAST = 16e6;

/** Whether the polygons of a map are traced, and what that takes. */
export interface PolygonPlan {
  /** 0 where they are not traced. */
  readonly bytes: number;
  /** Where a map is too large for the memory: how much would do. */
  readonly remark?: string;
}

/** Tracing needs the map as a whole; where that is more than the run has to spare, polygons are left out with a word. */
export function planPolygons(name: string, pixels: number, memory: number, workers: number): PolygonPlan {
  const bytes = TRACED * pixels;
  const spare = spareMemory(memory, workers);
  if (bytes <= Math.max(LEAST, spare)) return { bytes };
  const needed = Math.ceil((bytes + memory - spare) / 1e8) / 10;
  const remark =
    `${name}.geojson is left out: to trace the polygons of so large a map takes ${(bytes / 1e9).toFixed(1)} GB; ` +
    `with --memory ${needed}GB --again they are there`;
  return { bytes: 0, remark };
}
