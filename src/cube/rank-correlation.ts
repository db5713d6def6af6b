/** Spearman's rank correlation, ties sharing the mean of their ranks; null for fewer than three pairs or where one side does not vary. */
export function rankCorrelation(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  if (one.length < 3) return null;
  const [a, b] = [ranksOf(one), ranksOf(other)];
  const middle = (one.length - 1) / 2;
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    products += (a[i] - middle) * (b[i] - middle);
    squaresA += (a[i] - middle) ** 2;
    squaresB += (b[i] - middle) ** 2;
  }
  return squaresA > 0 && squaresB > 0 ? products / Math.sqrt(squaresA * squaresB) : null;
}

function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let from = 0, end = 0; from < order.length; from = end) {
    while (end < order.length && values[order[end]] === values[order[from]]) end++;
    for (let i = from; i < end; i++) ranks[order[i]] = (from + end - 1) / 2;
  }
  return ranks;
}
