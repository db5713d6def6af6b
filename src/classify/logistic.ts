import { Matrix, solve } from "ml-matrix";
import { sigmoid } from "../cube/sigmoid.js";

/** Weights of the columns, and the intercept last. */
export interface LogisticOptions {
  /** Weight of ½ · ridge · Σ w² in what is made small, the intercept left out; 0 if not given. */
  readonly ridge?: number;
  /** Targets instead of the labels, from 0 to 1. */
  readonly targets?: ArrayLike<number>;
}

/**
 * Logistic regression of labels on columns by Newton's method, from zero weights. Undefined when it does not settle in 100 steps, as
 * where a column separates the labels and there is no ridge.
 */
export function logistic(
  columns: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  { ridge = 0, targets = labels }: LogisticOptions = {},
): number[] | undefined {
  const width = columns.length + 1;
  let weights = new Array<number>(width).fill(0);
  const value = (c: number, i: number) => (c < columns.length ? columns[c][i] : 1);
  for (let step = 0; step < 100; step++) {
    const gradient = Matrix.zeros(width, 1);
    const hessian = Matrix.zeros(width, width);
    for (let i = 0; i < labels.length; i++) {
      let z = 0;
      for (let c = 0; c < width; c++) z += weights[c] * value(c, i);
      const p = sigmoid(z);
      const curve = p * (1 - p);
      for (let a = 0; a < width; a++) {
        gradient.set(a, 0, gradient.get(a, 0) + (p - targets[i]) * value(a, i));
        for (let b = 0; b < width; b++) hessian.set(a, b, hessian.get(a, b) + curve * value(a, i) * value(b, i));
      }
    }
    for (let c = 0; c < columns.length; c++) {
      gradient.set(c, 0, gradient.get(c, 0) + ridge * weights[c]);
      hessian.set(c, c, hessian.get(c, c) + ridge);
    }
    const move = directionOf(hessian, gradient);
    if (!move) return undefined;
    // Far from the answer Newton's step may overshoot: no weight moves by more than 5 at once.
    const most = Math.max(...move.map(Math.abs));
    const scale = most > 5 ? 5 / most : 1;
    weights = weights.map((w, c) => w - scale * move[c]);
    if (weights.some((w) => !Number.isFinite(w) || Math.abs(w) > 1e4)) return undefined;
    if (most < 1e-10) return weights;
  }
  return undefined;
}

function directionOf(hessian: Matrix, gradient: Matrix): number[] | undefined {
  try {
    const move = solve(hessian, gradient).getColumn(0);
    return move.every(Number.isFinite) ? move : undefined;
  } catch {
    // A singular matrix: the labels do not settle all weights.
    return undefined;
  }
}

/** log(p / (1 − p)) of a score from 0 to 1, kept off the ends by 10⁻⁴. */
export function logit(score: number): number {
  const p = Math.min(1 - 1e-4, Math.max(1e-4, score));
  return Math.log(p / (1 - p));
}
