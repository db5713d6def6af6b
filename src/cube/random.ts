/** A stream of reproducible random numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Integer in [0, n). */
  integer(n: number): number;
  /** An independent stream that depends only on this stream's seed and the name: order of use does not matter. */
  fork(name: string | number): Random;
}

/**
 * Make a stream from a seed; equal seeds give equal streams on every machine.
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), its state filled from the seed text by FNV-1a and splitmix32.
 */
export function random(seed: number | string): Random {
  let hash = 2166136261;
  for (const character of String(seed)) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  const fill = () => {
    hash = (hash + 0x9e3779b9) | 0;
    let z = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();

  let spare: number | undefined;
  const stream: Random = {
    uniform: () => next() / 4294967296,
    integer: (n) => Math.floor((next() / 4294967296) * n),
    normal: () => {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      // Marsaglia's polar method: two normals a try.
      for (;;) {
        const u = next() / 2147483648 - 1;
        const v = next() / 2147483648 - 1;
        const s = u * u + v * v;
        if (s === 0 || s >= 1) continue;
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    },
    fork: (name) => random(`${seed}/${name}`),
  };
  return stream;
}

/** Shuffle in place by Fisher and Yates, and give the array back. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(items: T, stream: Random): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    const kept = items[i];
    items[i] = items[j];
    items[j] = kept;
  }
  return items;
}
