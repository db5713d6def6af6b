import type { StainMap } from "../cube/stain-map.js";
import { findRegions, type Regions } from "./regions.js";
import { traceRing } from "./trace-ring.js";

/** Where the boundaries of a class map begin: numbers only, so that a map of millions of small regions takes a few bytes a pixel. */
export interface Outlines {
  readonly regions: Regions;
  /** The cell where each boundary begins; those of one region stand together, its outer one first. */
  readonly starts: Int32Array;
  /** The boundaries of region r are those from `first[r]` to before `first[r + 1]`. */
  readonly first: Int32Array;
  /** Label value by region. */
  readonly label: Uint8Array;
  /** For the tracing: tops of pixels that were passed. */
  readonly visited: Uint8Array;
}

/** Find the regions of a map and where each of their boundaries begins, holes too. */
export function findOutlines({ rows, cols, classes }: Pick<StainMap, "rows" | "cols" | "classes">): Outlines {
  const regions = findRegions(classes, rows, cols);
  const { width, region, area } = regions;
  const visited = new Uint8Array(region.length);
  const label = new Uint8Array(area.length);
  const first = new Int32Array(area.length + 1);
  // A boundary takes a top of a pixel at the least, so there are no more of them than pixels; what is not written takes no memory.
  const found = new Int32Array(rows * cols);
  let count = 0;
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++, pixel++) {
      const cell = (row + 1) * width + col + 1;
      const inside = region[cell];
      // Every ring runs eastwards along the top of some pixel, and its first such pixel in reading order is a corner.
      if (inside === 0 || region[cell - width] === inside || visited[cell] === 1) continue;
      traceRing(regions, cell, visited);
      label[inside] = classes[pixel];
      first[inside + 1]++;
      found[count++] = cell;
    }
  }
  for (let r = 1; r < first.length; r++) first[r] += first[r - 1];
  const starts = new Int32Array(count);
  const next = first.slice();
  // In reading order, and the first pixel of a region lies on its outer boundary: the outer ring comes first.
  for (let i = 0; i < count; i++) starts[next[region[found[i]]]++] = found[i];
  return { regions, starts, first, label, visited };
}
