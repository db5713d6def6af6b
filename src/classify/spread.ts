import type { Spread } from "../cube/diagnosis-findings.js";

/** Mean and sample standard deviation of the values that are numbers. */
export function spread(values: readonly number[]): Spread {
  const known = values.filter(Number.isFinite);
  if (!known.length) return { mean: null, sd: null, folds: 0 };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : null, folds: known.length };
}
