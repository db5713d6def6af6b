/** Some rows of an image with all that patches are described by; arrays are row-major over `rows` × `cols` pixels. */
export interface Strip {
  readonly rows: number;
  readonly cols: number;
  /** 1 where there is a corrected spectrum of tissue. */
  readonly kept: Uint8Array;
  /** Place of the pixel's class among `classCount`, plus 1; 0 where it has none. */
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** `probabilities[pixel * classCount + k]`. */
  readonly probabilities: Float32Array;
  /** `scores[pixel * components + c]`. */
  readonly scores: Float32Array;
  readonly components: number;
}

/** Components whose texture is described. */
const TEXTURES = 4;

/** The names of what `describePatch` writes, in order. */
export function featureNames(classNames: readonly string[], components: number): string[] {
  const first = Array.from({ length: components }, (_, c) => `PC${c + 1}`);
  return [
    ...classNames.map((name) => `√share ${name}`),
    ...classNames.map((name) => `√probability ${name}`),
    "√share unclassified",
    ...first.map((name) => `mean ${name}`),
    ...first.map((name) => `SD ${name}`),
    ...first.slice(0, TEXTURES).map((name) => `texture ${name}`),
    "√class boundaries",
  ];
}

/** Whether a feature is read off the class map, and not off the spectra. */
export function isOfStain(name: string): boolean {
  return /^√(?:share |probability |class boundaries$)/.test(name);
}

/** What is known of a patch beside its features. */
export interface PatchCounts {
  /** Pixels with a spectrum of tissue. */
  kept: number;
  /** Pixels of each class. */
  readonly classes: Float64Array;
}

/**
 * Describe the square of `edge` pixels at (`top`, `left`) of a strip, into `out` from `at` on: the share of each class among the
 * classified pixels, the mean probability of each class over the kept pixels, the share of these without a class, the mean and standard
 * deviation of every score over them, the mean absolute difference of the first scores between kept neighbours (right and below), and the share of
 * classified neighbours that differ in class. Shares and probabilities are given as their square roots, which spreads the small ones
 * that matter here: a few per cent of tumour. What nothing speaks for is 0. Sums are Float64.
 */
export function describePatch(
  strip: Strip,
  top: number,
  left: number,
  edge: number,
  out: Float32Array,
  at: number,
  room: PatchRoom,
): PatchCounts {
  const { cols, kept, classes, classCount, probabilities, scores, components } = strip;
  const { sums, squares, chances, steps, counts } = room;
  for (const array of [sums, squares, chances, steps, counts.classes]) array.fill(0);
  const textures = Math.min(TEXTURES, components);
  let found = 0;
  let unclassified = 0;
  let neighbours = 0;
  let sides = 0;
  let borders = 0;
  for (let y = top; y < top + edge; y++) {
    for (let x = left; x < left + edge; x++) {
      const pixel = y * cols + x;
      if (!kept[pixel]) continue;
      found++;
      const label = classes[pixel];
      if (label) counts.classes[label - 1]++;
      else unclassified++;
      for (let k = 0; k < classCount; k++) chances[k] += probabilities[pixel * classCount + k];
      const from = pixel * components;
      for (let c = 0; c < components; c++) {
        const score = scores[from + c];
        sums[c] += score;
        squares[c] += score * score;
      }
      for (let side = 0; side < 2; side++) {
        if (side ? y + 1 >= top + edge : x + 1 >= left + edge) continue;
        const other = side ? pixel + cols : pixel + 1;
        if (!kept[other]) continue;
        neighbours++;
        for (let c = 0; c < textures; c++) steps[c] += Math.abs(scores[from + c] - scores[other * components + c]);
        if (!label || !classes[other]) continue;
        sides++;
        if (classes[other] !== label) borders++;
      }
    }
  }
  const classified = found - unclassified;
  let next = at;
  for (let k = 0; k < classCount; k++) out[next++] = classified ? Math.sqrt(counts.classes[k] / classified) : 0;
  for (let k = 0; k < classCount; k++) out[next++] = found ? Math.sqrt(chances[k] / found) : 0;
  out[next++] = found ? Math.sqrt(unclassified / found) : 0;
  for (let c = 0; c < components; c++) out[next++] = found ? sums[c] / found : 0;
  for (let c = 0; c < components; c++) {
    out[next++] = found ? Math.sqrt(Math.max(0, squares[c] / found - (sums[c] / found) ** 2)) : 0;
  }
  for (let c = 0; c < textures; c++) out[next++] = neighbours ? steps[c] / neighbours : 0;
  out[next] = sides ? Math.sqrt(borders / sides) : 0;
  counts.kept = found;
  return counts;
}

/** Room for the sums of one patch. */
export interface PatchRoom {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  readonly chances: Float64Array;
  readonly steps: Float64Array;
  readonly counts: PatchCounts;
}

export function patchRoom(classCount: number, components: number): PatchRoom {
  return {
    sums: new Float64Array(components),
    squares: new Float64Array(components),
    chances: new Float64Array(classCount),
    steps: new Float64Array(TEXTURES),
    counts: { kept: 0, classes: new Float64Array(classCount) },
  };
}
