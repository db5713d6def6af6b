import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Bag } from "../cube/bag.js";
import { cubeName, sameCube } from "../cube/identity.js";
import { readFindings } from "../report/read-findings.js";
import { madeIn } from "./made.js";

/**
 * Bags with the names of their outputs in a folder: their own, unless another cube of the run, or of what lies in the folder, has that
 * name; then with a piece of a hash of their cube's key.
 */
export async function namedBags(bags: readonly Bag[], folder: string): Promise<Bag[]> {
  const maps = await madeIn(folder, ".stain.h5");
  const cases = await casesIn(folder);
  return bags.map((bag) => {
    const name = bag.name.toLowerCase();
    const key = cubeName(bag.cube);
    const isAnothers =
      bags.some((other) => other.name.toLowerCase() === name && !sameCube(other.cube, bag.cube)) ||
      maps.some((map) => map.name.toLowerCase() === name && map.cube && !sameCube(map.cube, bag.cube)) ||
      cases.some((of) => of.name.toLowerCase() === name && of.key !== key);
    return isAnothers
      ? { ...bag, name: `${bag.name}-${createHash("sha256").update(key).digest("hex").slice(0, 6)}` }
      : bag;
  });
}

/** Names and keys of the cubes of the cases that an earlier run left in a folder. */
async function casesIn(folder: string): Promise<{ name: string; key: string }[]> {
  const path = join(folder, "findings.json");
  if (!existsSync(path)) return [];
  try {
    const { cases = [] } = await readFindings(path);
    return cases.flatMap(({ cubes, cubeKeys }) => (cubeKeys ?? []).map((key, i) => ({ name: cubes[i], key })));
  } catch {
    // Findings that cannot be read are written anew.
    return [];
  }
}
