/** A curve from (0, 0) to (1, 1), one point a distinct score. */
export interface Roc {
  readonly falsePositive: number[];
  readonly truePositive: number[];
}

/** The ROC curve of scores, ties being one step; undefined without both labels. */
export function binaryRoc(scores: ArrayLike<number>, labels: ArrayLike<number>): Roc | undefined {
  const order = Array.from(labels, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  const positives = order.filter((i) => labels[i]).length;
  const negatives = order.length - positives;
  if (!positives || !negatives) return undefined;
  const curve: Roc = { falsePositive: [0], truePositive: [0] };
  let above = 0;
  for (const [place, i] of order.entries()) {
    if (labels[i]) above++;
    if (place + 1 < order.length && scores[order[place + 1]] === scores[i]) continue;
    curve.falsePositive.push((place + 1 - above) / negatives);
    curve.truePositive.push(above / positives);
  }
  return curve;
}

/**
 * The vertical average of ROC curves on 101 false positive rates: each curve is interpolated linearly (the last of several points with
 * one rate counts), starts at (0, 0) and ends at (1, 1); mean and sample standard deviation over the curves.
 * Source: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010.
 */
export function rocBand(curves: readonly Roc[]): { falsePositive: number[]; mean: number[]; sd: number[] } {
  const falsePositive = Array.from({ length: 101 }, (_, i) => i / 100);
  const mean: number[] = [];
  const sd: number[] = [];
  for (const [i, x] of falsePositive.entries()) {
    const values = curves.map((curve) => (i === 0 ? 0 : i === 100 ? 1 : heightAt(curve, x)));
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    mean.push(average);
    const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
    sd.push(values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0);
  }
  return { falsePositive, mean, sd };
}

function heightAt({ falsePositive, truePositive }: Roc, x: number): number {
  let at = falsePositive.length - 1;
  while (at > 0 && falsePositive[at] > x) at--;
  if (falsePositive[at] === x || at === falsePositive.length - 1) return truePositive[at];
  const part = (x - falsePositive[at]) / (falsePositive[at + 1] - falsePositive[at]);
  return truePositive[at] + part * (truePositive[at + 1] - truePositive[at]);
}
