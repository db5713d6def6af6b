/** The logistic function 1 / (1 + exp(−z)): a logit as a probability. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
