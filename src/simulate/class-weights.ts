import { readRecipes, substances, type Weight } from "./band-tables.js";
import { type Effects, planeOf } from "./draw-effects.js";

/** What a pixel of each class is made of in one core, by label value; entry 0, substrate, is all zero. */
export interface ClassWeights {
  /** Absorbance by substance at the low and the high end of a structure's range: `low[label * substances + plane]`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Names by label value, index 0 "unlabelled". */
export function classNames(): string[] {
  const { classes } = readRecipes();
  const names = ["unlabelled"];
  for (const [name, { label }] of Object.entries(classes)) names[label] = name;
  return names;
}

/**
 * The recipes with the effects of a core: weight × effect × density × thickness × amide I absorbance of an ordinary section.
 * With difficulty the weights of cancer and benign move towards their mean: 1.3 times their distance at 0, 0.7 times at 1.
 */
export function classWeights(effects: Effects, difficulty: number): ClassWeights {
  const { amideI, classes } = readRecipes();
  const n = substances.length;
  const low = new Float64Array(n * (Object.keys(classes).length + 1));
  const high = low.slice();
  for (const [name, { label, density, weights }] of Object.entries(classes)) {
    const other = name === "cancer" ? "benign" : name === "benign" ? "cancer" : name;
    for (const substance of substances) {
      const [from, to] = ends(weights[substance] ?? 0);
      const middle = (mean(from, to) + mean(...ends(classes[other].weights[substance] ?? 0))) / 2;
      const apart = other === name ? 1 : 1.3 - 0.6 * difficulty;
      const scale = effects.weights(name, substance) * density * effects.thickness * amideI;
      const at = label * n + planeOf(substance);
      low[at] = Math.max(0, middle + (from - middle) * apart) * scale;
      high[at] = Math.max(0, middle + (to - middle) * apart) * scale;
    }
  }
  return { low, high };
}

function ends(weight: Weight): [number, number] {
  return typeof weight === "number" ? [weight, weight] : [weight[0], weight[1]];
}

function mean(a: number, b: number): number {
  return (a + b) / 2;
}
