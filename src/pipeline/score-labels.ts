import { auc } from "../classify/auc.js";
import type { StainFinding } from "../cube/findings.js";
import type { Model } from "../cube/model.js";

/** The stain of one cube against the cube's own labels, gathered block by block. */
export interface LabelScores {
  add(firstPixel: number, probabilities: Float32Array, rejected: Uint8Array, classes: Uint8Array): void;
  /** Undefined when no annotated pixel has a class of the model. */
  finish(): StainFinding["scores"];
}

/**
 * Accuracy over the labelled pixels whose class the model knows: a rejected or unclassified pixel counts as wrong.
 * One-vs-rest AUC from the probabilities of the labelled pixels that have any. Classes are matched by name.
 */
export function scoreLabels(labels: Uint8Array, classNames: readonly string[], model: Model): LabelScores {
  const names = Array.from(model.labels, (value) => model.classNames[value]);
  const classOf = Array.from({ length: 256 }, (_, value) =>
    value ? names.indexOf(classNames[value] ?? `${value}`) : -1,
  );
  const known = labels.reduce((sum, value) => sum + (classOf[value] >= 0 ? 1 : 0), 0);
  const truth = new Uint8Array(known);
  const scores = names.map(() => new Float32Array(known));
  let labelled = 0;
  let right = 0;
  let scored = 0;
  return {
    add(firstPixel, probabilities, rejected, classes) {
      for (let i = 0; i < classes.length; i++) {
        const k = classOf[labels[firstPixel + i]];
        if (k < 0) continue;
        labelled++;
        if (!rejected[i] && classes[i] === model.labels[k]) right++;
        let sum = 0;
        for (let c = 0; c < names.length; c++) {
          scores[c][scored] = probabilities[i * names.length + c];
          sum += scores[c][scored];
        }
        if (sum > 0) truth[scored++] = k;
      }
    },
    finish() {
      if (!labelled) return undefined;
      const aucs = names.map((name, k) => {
        const positive = Uint8Array.from(truth.subarray(0, scored), (of) => (of === k ? 1 : 0));
        return [name, auc(scores[k].subarray(0, scored), positive).value] as const;
      });
      return { labelledPixels: labelled, accuracy: right / labelled, auc: Object.fromEntries(aucs) };
    },
  };
}
