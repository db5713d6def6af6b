import { nearestBand } from "../cube/axis.js";

/**
 * The three pictures of a stimulated Raman study as infrared has them: the height of a band above the line between two places beside it,
 * cm-1. Lipid is read at the CH₂ stretch where the axis reaches it, else at the ester's C=O.
 */
const bands = {
  lipid: [
    { peak: 2850, from: 2800, to: 3000 },
    { peak: 1740, from: 1718, to: 1765 },
  ],
  protein: [{ peak: 1655, from: 1590, to: 1718 }],
  collagen: [{ peak: 1204, from: 1190, to: 1218 }],
} as const;

export const srs3Names = Object.keys(bands) as (keyof typeof bands)[];

/** Make ready what writes lipid, protein and collagen of a raw spectrum into three places; a band that the axis does not reach is 0. */
export function prepareSrs3(
  wavenumbers: Float64Array,
): (values: Float32Array, from: number, out: Float32Array, at: number) => void {
  const [low, high] = [wavenumbers[0], wavenumbers[wavenumbers.length - 1]];
  const picked = srs3Names.map((name) => {
    const reached = bands[name].find(({ from, to }) => from >= low && to <= high);
    if (!reached) return undefined;
    const [peak, left, right] = [reached.peak, reached.from, reached.to].map((at) => nearestBand(wavenumbers, at));
    const part = (wavenumbers[peak] - wavenumbers[left]) / (wavenumbers[right] - wavenumbers[left]);
    return { peak, left, right, part };
  });
  return (values, from, out, at) => {
    for (const [channel, place] of picked.entries()) {
      out[at + channel] = place
        ? values[from + place.peak] -
          (1 - place.part) * values[from + place.left] -
          place.part * values[from + place.right]
        : 0;
    }
  };
}
