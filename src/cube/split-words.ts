import { SpectraError } from "./errors.js";
import { wordKey } from "./words.js";

/** Whether a cube is learned from, or held out: never learned from. */
export type Split = "train" | "test";

const learned = ["train", "training", "train set", "training set", "learn", "learning"];
const heldOut = [
  ...["test", "testing", "tests", "test set", "validation", "validate", "valid", "val", "validation set"],
  ...["holdout", "hold-out", "hold-out set", "held out", "held-out set", "external", "external test"],
  ...["external validation", "unseen", "independent", "blind", "challenge", "evaluation", "eval"],
];

/** Case, blanks and hyphens do not count. */
const keyOf = (word: string) => wordKey(word).replace(/[^\p{L}\p{N}]/gu, "");
const splits = new Map<string, Split>([
  ...learned.map((word) => [keyOf(word), "train"] as const),
  ...heldOut.map((word) => [keyOf(word), "test"] as const),
]);

/** The words of the column split, for messages. */
export const SPLIT_WORDS = "train or training; test, testing, validation, holdout, held-out or external; or nothing";

/** What a word of the column split says; undefined for one that is not known. */
export function splitOf(word: string): Split | undefined {
  return splits.get(keyOf(word));
}

/** Whether a cube is held out. A word that is not known is refused, for a patient held out must never be learned from by mistake. */
export function isHeldOut(split: string | undefined, place: string): boolean {
  if (split === undefined || wordKey(split) === "") return false;
  const known = splitOf(split);
  if (known) return known === "test";
  throw new SpectraError("format", place, `${place} has the split "${split}", which is not known; say ${SPLIT_WORDS}`);
}
