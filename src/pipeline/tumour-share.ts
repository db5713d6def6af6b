import type { Bag } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";
import { tumourShare } from "../diagnose/tumour-share.js";
import { joinPatches } from "./join-patches.js";

const usual = ["cancer", "tumour", "tumor", "malignant"];

/** The class of the stain that is tumour: as asked for, else by its name; undefined where nothing was stained. */
export function tumourOf(bags: readonly Bag[], wanted: string | undefined): string | undefined {
  const { classNames } = bags[0].patches;
  if (wanted !== undefined && !classNames.includes(wanted)) {
    throw new SpectraError(
      "labels",
      "diagnose",
      `the stain has no class "${wanted}"; its classes are ${classNames.join(", ") || "none, for nothing was stained"}`,
    );
  }
  return wanted ?? usual.find((name) => classNames.includes(name));
}

/** Share of the tumour class among the tissue of each gathered bag, its patches weighted by their tissue; undefined without a stain. */
export function tumourShares(
  bags: readonly Bag[],
  { sources }: Pick<GatheredBags, "sources">,
  tumour: string | undefined,
): Float64Array | undefined {
  if (tumour === undefined) return undefined;
  const patchesOf = (parts: GatheredBags["sources"][number]) => joinPatches(parts.map(({ bag }) => bags[bag].patches));
  return Float64Array.from(sources, (parts) => tumourShare(patchesOf(parts), tumour) ?? 0);
}
