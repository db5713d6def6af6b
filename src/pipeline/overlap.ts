/** The values of a map of one cube, NaN where nothing is shown, and where the stain has tumour. */
export interface Spots {
  readonly values: Float32Array;
  /** 1 = tumour. */
  readonly tumour: Uint8Array;
  /** Pixels of the cube that one of these stands for. */
  readonly weight: number;
}

/** Share of the maps that is held against the tumour class. */
const HOTTEST = 0.05;

/**
 * Intersection over union of the highest twentieth of the maps of a case, all its cubes together, with the tumour class. Null where one of
 * them was not stained, or the stain has no tumour.
 */
export function overlap(cubes: readonly (Spots | undefined)[]): number | null {
  const all = cubes.flatMap((of) => of ?? []);
  if (!all.length || all.length < cubes.length) return null;
  const limit = hottest(all);
  if (limit === undefined) return null;
  let both = 0;
  let either = 0;
  let found = 0;
  for (const { values, tumour, weight } of all) {
    for (const [pixel, value] of values.entries()) {
      const hot = value >= limit;
      const there = tumour[pixel] === 1;
      if (there) found += weight;
      if (hot && there) both += weight;
      if (hot || there) either += weight;
    }
  }
  return found ? both / either : null;
}

/** The value that a twentieth of all shown pixels reach; undefined where none is shown. */
function hottest(cubes: readonly Spots[]): number | undefined {
  const parts = cubes.map(({ values, weight }) => ({ sorted: values.filter(Number.isFinite).sort(), weight }));
  const total = parts.reduce((sum, { sorted, weight }) => sum + sorted.length * weight, 0);
  if (!total) return undefined;
  const rank = Math.min(total - 1, Math.floor((1 - HOTTEST) * total));
  // Walked in the order of the values, each as often as the pixels that it stands for.
  const next = parts.map(() => 0);
  let passed = 0;
  for (;;) {
    let least = -1;
    for (const [p, { sorted }] of parts.entries()) {
      if (next[p] >= sorted.length) continue;
      if (least < 0 || sorted[next[p]] < parts[least].sorted[next[least]]) least = p;
    }
    const value = parts[least].sorted[next[least]++];
    passed += parts[least].weight;
    if (passed > rank) return value;
  }
}
