import type { Patches } from "../cube/bag.js";

/** Where windows lie and how large they are. */
export type Windows = Pick<Patches, "count" | "coords" | "edge">;

/** A small picture of each window, `values[(i * size + y) * size + x]`, instead of one value. */
export interface WindowMaps {
  readonly size: number;
  readonly values: Float32Array;
  /** Weight of each window, such as its probability; 1 if not given. */
  readonly weights?: Float32Array;
}

/** Some rows of a map over an image; the same rows come out whichever rows are asked for with them. */
export type MapRows = (row: number, rows: number) => Float32Array;

/**
 * The mean, over all windows that cover a pixel, of one value a window; NaN where no window is. Windows at the border are as good as
 * others: a pixel is divided by how many windows cover it. Sums are Float64.
 */
export function coverageMap(windows: Windows, values: Float32Array, cols: number): MapRows {
  return averaged(windows, cols, (i) => () => values[i]);
}

/**
 * The same of a small picture a window, stretched to the window (bilinear, the middles of its pixels spread evenly) and weighed. No
 * picture is scaled by itself before: a window with nothing in it stays dark.
 */
export function windowMap(windows: Windows, { size, values, weights }: WindowMaps, cols: number): MapRows {
  const scale = size / windows.edge;
  const last = size - 1;
  return averaged(windows, cols, (i) => {
    const from = i * size * size;
    const weight = weights ? weights[i] : 1;
    return (y, x) => {
      const v = Math.min(last, Math.max(0, (y + 0.5) * scale - 0.5));
      const u = Math.min(last, Math.max(0, (x + 0.5) * scale - 0.5));
      const [top, left] = [Math.floor(v), Math.floor(u)];
      const [bottom, right] = [Math.min(last, top + 1), Math.min(last, left + 1)];
      const [down, across] = [v - top, u - left];
      const upper = values[from + top * size + left] * (1 - across) + values[from + top * size + right] * across;
      const lower = values[from + bottom * size + left] * (1 - across) + values[from + bottom * size + right] * across;
      return weight * (upper * (1 - down) + lower * down);
    };
  });
}

function averaged(
  windows: Windows,
  cols: number,
  within: (window: number) => (y: number, x: number) => number,
): MapRows {
  return (row, rows) => {
    const sums = new Float64Array(rows * cols);
    const covered = cover(windows, cols, row, rows, (window) => {
      const value = within(window);
      return (pixel, y, x) => {
        sums[pixel] += value(y, x);
      };
    });
    // 0 / 0 is NaN, which is what a pixel without a window has.
    return Float32Array.from(sums, (sum, pixel) => sum / covered[pixel]);
  };
}

/** How many windows cover each pixel of an image. */
export function coverage(windows: Windows, rows: number, cols: number): Uint32Array {
  return cover(windows, cols, 0, rows, () => () => undefined);
}

/** Go through the pixels of some rows that each window covers, (y, x) being the place within it, and count the windows of each pixel. */
function cover(
  { count, coords, edge }: Windows,
  cols: number,
  row: number,
  rows: number,
  visit: (window: number) => (pixel: number, y: number, x: number) => void,
): Uint32Array {
  const covered = new Uint32Array(rows * cols);
  for (let i = 0; i < count; i++) {
    const left = coords[2 * i];
    const top = coords[2 * i + 1];
    if (top + edge <= row || top >= row + rows) continue;
    const seen = visit(i);
    for (let y = Math.max(top, row); y < Math.min(top + edge, row + rows); y++) {
      for (let x = left; x < Math.min(left + edge, cols); x++) {
        const pixel = (y - row) * cols + x;
        seen(pixel, y - top, x - left);
        covered[pixel]++;
      }
    }
  }
  return covered;
}
