import { reasonCode } from "../cube/rejected.js";

const NO_TISSUE = reasonCode("no tissue");
const MASKED = reasonCode("masked");

/**
 * How a pixel without a class looks: bare substrate and what the mask leaves out are white background, every other reason is
 * hatched.
 */
export function paintExcluded(reason: number, rgb: Uint8Array, at: number): "hatch" | undefined {
  if (reason !== NO_TISSUE && reason !== MASKED) return "hatch";
  rgb.fill(255, at, at + 3);
  return undefined;
}

/** How many pixels `paintExcluded` leaves white, and how many it hatches. */
export function excludedCounts(byReason: Readonly<Record<string, number>>): { background: number; hatched: number } {
  const background = (byReason["no tissue"] ?? 0) + (byReason.masked ?? 0);
  const all = Object.values(byReason).reduce((sum, count) => sum + count, 0);
  return { background, hatched: all - background - (byReason.kept ?? 0) - (byReason.unclassified ?? 0) };
}
