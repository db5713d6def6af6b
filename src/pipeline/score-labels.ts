import { auc } from "../classify/auc.js";
import { addScore, binnedAuc, openScoreBins } from "../classify/score-bins.js";
import type { StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";
import { wordKey } from "../cube/words.js";

/** A part of a stain against the cube's own labels. */
export interface LabelScores {
  /** Labelled pixels whose class the model knows, and those of them with the right class. */
  readonly labelled: number;
  readonly right: number;
  /** Of the labelled pixels with probabilities: the class, and `scores[pixel * classes + k]`. */
  readonly truth: Uint8Array;
  readonly scores: Float32Array;
}

/**
 * Hold a part of a stain against its labels; classes are matched by name, whatever its case and blanks, and labels of classes that the model does not know are
 * left out. A rejected or unclassified pixel counts as wrong.
 */
export function scoreLabels(
  labels: Uint8Array,
  classNames: readonly string[],
  model: Model,
  stained: { readonly classes: Uint8Array; readonly probabilities: Float32Array; readonly rejected: Uint8Array },
): LabelScores {
  const { classes, probabilities, rejected } = stained;
  const names = namesOf(model);
  const size = names.length;
  const keys = names.map(wordKey);
  const classOf = Array.from({ length: 256 }, (_, value) =>
    value ? keys.indexOf(wordKey(classNames[value] ?? `${value}`)) : -1,
  );
  const known = labels.reduce((sum, value) => sum + (classOf[value] >= 0 ? 1 : 0), 0);
  const truth = new Uint8Array(known);
  const scores = new Float32Array(known * size);
  let right = 0;
  let scored = 0;
  for (let i = 0; i < labels.length; i++) {
    const k = classOf[labels[i]];
    if (k < 0) continue;
    if (!rejected[i] && classes[i] === model.labels[k]) right++;
    let sum = 0;
    for (let c = 0; c < size; c++) {
      scores[scored * size + c] = probabilities[i * size + c];
      sum += probabilities[i * size + c];
    }
    if (sum > 0) truth[scored++] = k;
  }
  return { labelled: known, right, truth: truth.slice(0, scored), scores: scores.slice(0, scored * size) };
}

/** The scores of all parts of a stain, added to part by part. */
export interface LabelTally {
  add(part: LabelScores): void;
  finish(): StainFinding["scores"];
}

/** Scores, one a labelled pixel and class, up to which every one is ranked: 32 MB. Of more the AUC comes from counts in bins. */
export const RANKED = 8_000_000;
/** Bins of all classes together. */
const BINS = 1 << 20;
/** Bins of one class at the most. */
const FINEST = 1 << 16;

/**
 * Accuracy over the labelled pixels, and one-vs-rest AUC from the probabilities of those that have any, over all parts of a stain.
 * With more than `RANKED` scores memory stays bounded: they are counted in fine bins, and the findings say by how much an AUC may be off.
 * Which of the two it is depends on the cube alone: `labelled` are its labelled pixels whose class the model knows.
 * Undefined when no annotated pixel has a class of the model.
 */
export function openTally(model: Model, labelled: number, ranked = RANKED): LabelTally {
  const names = namesOf(model);
  const size = names.length;
  let [seen, right] = [0, 0];
  const count = (part: LabelScores) => {
    seen += part.labelled;
    right += part.right;
  };
  const finding = (auc: [string, number | null][], within?: [string, number][]) =>
    seen
      ? {
          labelledPixels: seen,
          accuracy: right / seen,
          auc: Object.fromEntries(auc),
          ...(within && { aucWithin: Object.fromEntries(within) }),
        }
      : undefined;
  if (labelled * size <= ranked) {
    const parts: LabelScores[] = [];
    return {
      add(part) {
        count(part);
        parts.push(part);
      },
      finish: () => finding(names.map((name, k) => [name, rankedAuc(parts, k, size)])),
    };
  }
  const bins = names.map(() => openScoreBins(Math.min(FINEST, Math.floor(BINS / size))));
  return {
    add(part) {
      count(part);
      const { truth, scores } = part;
      for (const [k, of] of bins.entries()) {
        for (let i = 0; i < truth.length; i++) addScore(of, scores[i * size + k], truth[i] === k);
      }
    },
    finish() {
      const found = bins.map(binnedAuc);
      return finding(
        names.map((name, k) => [name, found[k].figure.value]),
        names.map((name, k) => [name, found[k].within]),
      );
    },
  };
}

/** Labelled pixels of a cube whose class the model knows, from its pixels by label value. */
export function countKnown(counts: Float64Array, classNames: readonly string[], model: Model): number {
  const known = knownClasses(classNames, model);
  return counts.reduce((sum, pixels, value) => sum + (known[value] >= 0 ? pixels : 0), 0);
}

function rankedAuc(parts: readonly LabelScores[], k: number, size: number): number | null {
  const count = parts.reduce((sum, { truth }) => sum + truth.length, 0);
  const scores = new Float32Array(count);
  const positive = new Uint8Array(count);
  let at = 0;
  for (const part of parts) {
    for (let i = 0; i < part.truth.length; i++, at++) {
      scores[at] = part.scores[i * size + k];
      positive[at] = part.truth[i] === k ? 1 : 0;
    }
  }
  return auc(scores, positive).value;
}

/** The class of the model that a label value names, by name; -1 where it knows none. */
function knownClasses(classNames: readonly string[], model: Model): number[] {
  const names = namesOf(model);
  return Array.from({ length: 256 }, (_, value) => (value ? names.indexOf(classNames[value] ?? `${value}`) : -1));
}

const namesOf = (model: Model) => Array.from(model.labels, (value) => model.classNames[value]);
