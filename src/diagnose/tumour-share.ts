import type { Patches } from "../cube/bag.js";

/** Share of the tumour class among the tissue of some patches, each weighted by its tissue; null where they hold none. */
export function tumourShare(
  { count, classNames, mix, tissue }: Patches,
  tumour: string,
  wanted: (patch: number) => boolean = () => true,
): number | null {
  const k = classNames.indexOf(tumour);
  let sum = 0;
  let all = 0;
  for (let i = 0; i < count; i++) {
    if (!wanted(i)) continue;
    sum += mix[i * classNames.length + k] * tissue[i];
    all += tissue[i];
  }
  return all > 0 ? sum / all : null;
}

/** The highest share of some classes together in one patch; 0 where no patch holds them. */
export function highestShare({ count, classNames, mix }: Patches, wanted: readonly string[]): number {
  const places = wanted.map((name) => classNames.indexOf(name)).filter((k) => k >= 0);
  let highest = 0;
  for (let i = 0; i < count; i++) {
    highest = Math.max(
      highest,
      places.reduce((sum, k) => sum + mix[i * classNames.length + k], 0),
    );
  }
  return highest;
}
