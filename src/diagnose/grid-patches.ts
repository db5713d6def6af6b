import { SpectraError } from "../cube/errors.js";

/** Where patches lie: their first rows and their first columns, ascending; every pair is a patch. */
export interface PatchGrid {
  readonly edge: number;
  readonly stride: number;
  readonly tops: readonly number[];
  readonly lefts: readonly number[];
}

/**
 * Lay square patches over an image, `stride` pixels from one to the next; what remains at the right and lower border is covered by a
 * last patch flush with it. An image smaller than a patch is refused.
 */
export function gridPatches(rows: number, cols: number, edge: number, stride: number, file: string): PatchGrid {
  if (rows < edge || cols < edge) {
    throw new SpectraError(
      "shape",
      file,
      `${file} has ${rows} × ${cols} pixels and a patch ${edge} × ${edge}; ask for smaller patches with --patch`,
    );
  }
  return { edge, stride, tops: starts(rows, edge, stride), lefts: starts(cols, edge, stride) };
}

function starts(length: number, edge: number, stride: number): number[] {
  const found: number[] = [];
  for (let at = 0; at + edge <= length; at += stride) found.push(at);
  const last = length - edge;
  if (found[found.length - 1] < last) found.push(last);
  return found;
}

/** An edge or a stride in µm as whole pixels, at least `least`. */
export function pixelsOf(um: number, pixelSizeUm: number, least: number): number {
  return Math.max(least, Math.round(um / pixelSizeUm));
}
