import type { Patches } from "../cube/bag.js";
import type { PatchFinding } from "../cube/diagnosis-findings.js";
import { topK } from "./top-k.js";

/** Bands of a spectrum in the findings, at the most. */
const BANDS = 120;

/** The k patches with the highest scores: where they lie, of what classes they are, and the mean spectrum of each, thinned for the report. */
export function topPatches(patches: Patches, scores: Float32Array, k: number): (PatchFinding & { index: number })[] {
  const { coords, edge, mix, classNames, spectra, wavenumbers, count } = patches;
  const bands = spectra.length ? wavenumbers.length : 0;
  const every = Math.max(1, Math.ceil(bands / BANDS));
  const shown = Array.from({ length: Math.ceil(bands / every) }, (_, i) => i * every);
  return Array.from(topK(scores, 0, count, k), (i, rank) => ({
    index: i,
    rank: rank + 1,
    x: coords[2 * i],
    y: coords[2 * i + 1],
    edge,
    score: scores[i],
    mix: classNames.flatMap((name, c) => {
      const percent = 100 * mix[i * classNames.length + c];
      return percent > 0 ? [{ name, percent }] : [];
    }),
    spectrum: {
      wavenumbers: shown.map((band) => wavenumbers[band]),
      values: shown.map((band) => spectra[i * bands + band]),
    },
  }));
}
