import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { sha256 } from "../read/sha256.js";

const PIECE = 1 << 16;
const PIECES = 16;

/**
 * Groups of files that hold the same bytes, whatever they are called: places in the list. Only files of one size whose samples agree
 * are read whole. What cannot be read is in no group.
 */
export async function sameFiles(paths: readonly string[], signal?: AbortSignal): Promise<number[][]> {
  const groups = new Map<string, number[]>();
  for (const [i, path] of paths.entries()) {
    const key = sampleOf(path);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const found: number[][] = [];
  for (const places of groups.values()) {
    if (places.length < 2) continue;
    const whole = new Map<string, number[]>();
    for (const i of places) {
      const hash = await sha256(realpathSync(paths[i]), { signal });
      whole.set(hash, [...(whole.get(hash) ?? []), i]);
    }
    found.push(...[...whole.values()].filter((same) => same.length > 1));
  }
  return found;
}

/** The size of a file and some pieces of it. */
function sampleOf(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(PIECE);
      const hash = createHash("sha256");
      for (let i = 0; i < PIECES; i++) {
        const at = Math.floor((Math.max(0, size - PIECE) * i) / (PIECES - 1));
        hash.update(bytes.subarray(0, readSync(file, bytes, 0, PIECE, at)));
      }
      return `${size} ${hash.digest("hex")}`;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
