/**
 * The connected regions of a class map. Everything lies on a grid with a border of one empty cell around the map, so that a
 * neighbour always exists: pixel (row, col) is cell `(row + 1) * width + col + 1`.
 */
export interface Regions {
  /** Cells a row: the columns of the map and two. */
  readonly width: number;
  /** Region number a cell, 0 where there is no class. */
  readonly region: Int32Array;
  /** Pixels by region number. */
  readonly area: Int32Array;
}

/** Number the regions of equal label value that hang together by the sides of their pixels; label value 0 is no region. */
export function findRegions(classes: Uint8Array, rows: number, cols: number): Regions {
  const width = cols + 2;
  const region = new Int32Array(width * (rows + 2));
  // Regions met so far, each pointing at one that it turned out to be part of, or at itself.
  const parent = new Int32Array(rows * cols + 1);
  let count = 0;
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++, pixel++) {
      const label = classes[pixel];
      if (label === 0) continue;
      const cell = (row + 1) * width + col + 1;
      const left = col > 0 && classes[pixel - 1] === label ? root(parent, region[cell - 1]) : 0;
      const above = row > 0 && classes[pixel - cols] === label ? root(parent, region[cell - width]) : 0;
      if (left === 0 && above === 0) {
        parent[++count] = count;
        region[cell] = count;
      } else if (left === 0 || above === 0) region[cell] = left || above;
      else {
        // The lower number wins, so that every region keeps the number of its first pixel.
        region[cell] = Math.min(left, above);
        parent[Math.max(left, above)] = region[cell];
      }
    }
  }
  const area = new Int32Array(count + 1);
  for (let cell = 0; cell < region.length; cell++) {
    if (region[cell] === 0) continue;
    region[cell] = root(parent, region[cell]);
    area[region[cell]]++;
  }
  return { width, region, area };
}

function root(parent: Int32Array, from: number): number {
  let at = from;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}
