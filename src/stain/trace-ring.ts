import type { Regions } from "./regions.js";

/**
 * Follow one boundary of a region along the edges of its pixels, with the region to the right, and give its corners as
 * `[x, y, x, y, …]` in pixels from the top left corner of the map; the last corner is the first again. The walk starts eastwards
 * along the top of `cell`, whose upper left corner must be a corner of the boundary. Tops that were passed are marked in `visited`.
 *
 * Where a region touches itself at a corner, the walk crosses over to the pixel opposite: the loop that is closed there becomes a
 * hole of its own that touches at a point, instead of a ring that touches itself, which GIS libraries refuse.
 */
export function traceRing({ width, region }: Regions, cell: number, visited: Uint8Array): number[] {
  const inside = region[cell];
  // Going east, south, west, north from the upper left corner of a cell: the step, and the cells ahead on either side of it.
  const steps = [1, width, -1, -width];
  const aheadLeft = [-width, 0, -1, -width - 1];
  const aheadRight = [0, -1, -width - 1, -width];
  const corners: number[] = [];
  let at = cell;
  let direction = 0;
  do {
    corners.push((at % width) - 1, Math.floor(at / width) - 1);
    // Straight on to the next corner.
    for (;;) {
      if (direction === 0) visited[at] = 1;
      at += steps[direction];
      if (region[at + aheadLeft[direction]] === inside) {
        direction = (direction + 3) & 3;
        break;
      }
      if (region[at + aheadRight[direction]] !== inside) {
        direction = (direction + 1) & 3;
        break;
      }
    }
  } while (at !== cell || direction !== 0);
  corners.push(corners[0], corners[1]);
  return corners;
}
