import type { Temperature } from "../cube/model.js";

/** The exponent is looked for between a quarter and four: beyond, a set of spectra says nothing of it. */
const MOST = Math.log(4);
/** A factor of two is what the exponent may be off from 1 without evidence. */
const WIDTH = Math.LN2;
/** Steps of the golden section, each to 0.618 of what was left: the exponent to 1e-6 of itself. */
const STEPS = 32;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature that makes the mean log loss of probabilities smallest, by golden section on the logarithm of the exponent; sums
 * are in the order of the rows. Half a vote goes to every class, for a class that no tree votes for is not impossible. Pixels of one
 * patient and class are not independent, so the loss counts `units` times, once each patient and class, and is held against a normal
 * prior about 1: a few patients move the exponent a little. Undefined for no rows. Guo et al. 2017, arXiv:1706.04599.
 */
export function fitTemperature(of: {
  /** Shares of the votes of rows that the forest was not fitted on: `probabilities[row * classes + k]`. */
  readonly probabilities: Float32Array;
  readonly truth: ArrayLike<number>;
  readonly classes: number;
  readonly trees: number;
  readonly units: number;
}): Temperature | undefined {
  const { probabilities, truth, classes, trees, units } = of;
  const rows = truth.length;
  if (rows === 0) return undefined;
  const floor = 0.5 / trees;
  const logs = Float64Array.from(probabilities, (p) => Math.log(p + floor));
  const loss = (logExponent: number): number => {
    const exponent = Math.exp(logExponent);
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const own = logs[row * classes + truth[row]];
      let odds = 0;
      for (let k = 0; k < classes; k++) odds += Math.exp(exponent * (logs[row * classes + k] - own));
      sum += Math.log(odds);
    }
    return sum / rows + logExponent ** 2 / (2 * WIDTH ** 2 * units);
  };
  let [low, high] = [-MOST, MOST];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [lossLeft, lossRight] = [loss(left), loss(right)];
  for (let step = 0; step < STEPS; step++) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - GOLDEN * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + GOLDEN * (high - low);
      lossRight = loss(right);
    }
  }
  return { exponent: Math.exp((low + high) / 2), floor };
}

/**
 * Bring probabilities to a temperature, in place: each is set to (p + floor)^exponent and a row scaled to 1, so that its most
 * probable class stays the most probable. A row with NaN becomes NaN.
 */
export function applyTemperature(
  probabilities: Float32Array,
  count: number,
  classes: number,
  { exponent, floor }: Temperature,
): void {
  const powers = new Float64Array(classes);
  // As in cube/power: the operator `**` has other bits on other Nodes.
  const powerOf = (p: number) => Math.exp(exponent * Math.log(p + floor));
  // Most classes have no vote.
  const least = powerOf(0);
  for (let start = 0; start < count * classes; start += classes) {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const p = probabilities[start + k];
      powers[k] = p === 0 ? least : powerOf(p);
      sum += powers[k];
    }
    for (let k = 0; k < classes; k++) probabilities[start + k] = powers[k] / sum;
  }
}
