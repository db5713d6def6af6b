/**
 * The slopes at the knots of the cubic spline through the values at the knots, its third derivative continuous at the second
 * and the last but one knot ("not-a-knot", as in scipy's CubicSpline). Three knots give their parabola, two their line.
 * The tridiagonal system is eliminated once, here; each use is linear in the knots.
 */
export function splineSlopes(knots: Float64Array): (values: Float64Array, slopes: Float64Array) => void {
  const n = knots.length;
  if (n === 1) return (_, slopes) => void slopes.fill(0);
  const h = Float64Array.from({ length: n - 1 }, (_, i) => knots[i + 1] - knots[i]);
  if (n === 2) return (values, slopes) => void slopes.fill((values[1] - values[0]) / h[0]);

  const lower = new Float64Array(n);
  const diagonal = new Float64Array(n);
  const upper = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    lower[i] = h[i];
    diagonal[i] = 2 * (h[i - 1] + h[i]);
    upper[i] = h[i - 1];
  }
  const first = h[0] + h[1];
  const last = h[n - 2] + h[n - 3];
  const parabola = n === 3;
  diagonal[0] = parabola ? 1 : h[1];
  upper[0] = parabola ? 1 : first;
  diagonal[n - 1] = parabola ? 1 : h[n - 3];
  lower[n - 1] = parabola ? 1 : last;
  for (let i = 1; i < n; i++) {
    lower[i] /= diagonal[i - 1];
    diagonal[i] -= lower[i] * upper[i - 1];
  }

  return (values, slopes) => {
    const chord = (i: number) => (values[i + 1] - values[i]) / h[i];
    const a = chord(0);
    const z = chord(n - 2);
    slopes[0] = parabola ? 2 * a : ((h[0] + 2 * first) * h[1] * a + h[0] * h[0] * chord(1)) / first;
    for (let i = 1; i < n - 1; i++) {
      slopes[i] = 3 * (h[i] * chord(i - 1) + h[i - 1] * chord(i)) - lower[i] * slopes[i - 1];
    }
    const end = parabola ? 2 * z : (h[n - 2] * h[n - 2] * chord(n - 3) + (2 * last + h[n - 2]) * h[n - 3] * z) / last;
    slopes[n - 1] = (end - lower[n - 1] * slopes[n - 2]) / diagonal[n - 1];
    for (let i = n - 2; i >= 0; i--) slopes[i] = (slopes[i] - upper[i] * slopes[i + 1]) / diagonal[i];
  };
}
