import type { Bag } from "../cube/bag.js";
import { SpectraError } from "../cube/errors.js";
import type { GatheredBags } from "../diagnose/gather-instances.js";

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
  return Float64Array.from(sources, (parts) => {
    let sum = 0;
    let tissue = 0;
    for (const part of parts) {
      const { classNames, mix, tissue: share, count } = bags[part.bag].patches;
      const k = classNames.indexOf(tumour);
      for (let i = 0; i < count; i++) {
        sum += mix[i * classNames.length + k] * share[i];
        tissue += share[i];
      }
    }
    return tissue > 0 ? sum / tissue : 0;
  });
}
