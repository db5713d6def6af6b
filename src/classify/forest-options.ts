import { SpectraError } from "../cube/errors.js";
import type { Balance } from "./bootstrap-draw.js";

export interface ForestOptions {
  readonly seed: number | string;
  /** Trees in the forest; 100 if not given. */
  readonly trees?: number;
  /** Drawn rows a leaf holds at least, counted as often as they were drawn; 1 if not given. */
  readonly minLeaf?: number;
  /** Splits on the way to a leaf at most; no limit if not given. */
  readonly maxDepth?: number;
  /** Features tried at a split; √features, rounded, if not given. */
  readonly tried?: number;
  /** Whether the bootstrap draws the classes alike or as often as they occur; "class" if not given. */
  readonly balance?: Balance;
}

/** Beyond this the out-of-bag votes of a row no longer fit an int32. */
const MOST_TREES = 100_000;

/** The options with their defaults, checked. */
export function settingsOf(options: ForestOptions, features: number) {
  const settings = {
    trees: options.trees ?? 100,
    minLeaf: options.minLeaf ?? 1,
    maxDepth: Math.min(options.maxDepth ?? 2 ** 30, 2 ** 30),
    tried: options.tried ?? Math.max(1, Math.round(Math.sqrt(features))),
  };
  for (const [name, value] of Object.entries(settings)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new SpectraError("params", "forest", `${name} is ${value}; it must be a whole number from 1`);
    }
  }
  if (settings.trees > MOST_TREES) {
    throw new SpectraError(
      "params",
      "forest",
      `${settings.trees} trees are too many; ask for ${MOST_TREES} at the most`,
    );
  }
  if (settings.tried > features) {
    throw new SpectraError(
      "params",
      "forest",
      `${settings.tried} features cannot be tried where there are ${features}`,
    );
  }
  return { ...settings, balance: options.balance ?? "class" };
}
