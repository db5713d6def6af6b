import { auc } from "../classify/auc.js";
import type { StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";

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
 * Hold a part of a stain against its labels; classes are matched by name, and labels of classes that the model does not know are
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
  const classOf = Array.from({ length: 256 }, (_, value) =>
    value ? names.indexOf(classNames[value] ?? `${value}`) : -1,
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

/**
 * Accuracy over the labelled pixels, and one-vs-rest AUC from the probabilities of those that have any, over all parts of a stain.
 * Undefined when no annotated pixel has a class of the model.
 */
export function finishScores(parts: readonly LabelScores[], model: Model): StainFinding["scores"] {
  const labelled = parts.reduce((sum, part) => sum + part.labelled, 0);
  if (!labelled) return undefined;
  const right = parts.reduce((sum, part) => sum + part.right, 0);
  const count = parts.reduce((sum, { truth }) => sum + truth.length, 0);
  const names = namesOf(model);
  const scores = names.map(() => new Float32Array(count));
  const truth = new Uint8Array(count);
  let at = 0;
  for (const part of parts) {
    truth.set(part.truth, at);
    for (let i = 0; i < part.truth.length; i++, at++) {
      for (let k = 0; k < names.length; k++) scores[k][at] = part.scores[i * names.length + k];
    }
  }
  const aucs = names.map((name, k) => {
    const positive = Uint8Array.from(truth, (of) => (of === k ? 1 : 0));
    return [name, auc(scores[k], positive).value] as const;
  });
  return { labelledPixels: labelled, accuracy: right / labelled, auc: Object.fromEntries(aucs) };
}

const namesOf = (model: Model) => Array.from(model.labels, (value) => model.classNames[value]);
