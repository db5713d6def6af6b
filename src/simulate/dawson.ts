/** Spacing of the samples: the error of the sum falls as e^(−(π/2h)²), here to 2e-7. */
const STEP = 0.4;
/** Samples on each side of the nearest. */
const REACH = 15;

/** Dawson's integral e^(−x²) ∫₀ˣ e^(t²) dt, to 1e-6: Rybicki's sum Σ e^(−(x − nh)²)/(n√π) over odd n, and for large x its asymptotic series. */
export function dawson(x: number): number {
  const size = Math.abs(x);
  if (size > 12) return (1 / (2 * x)) * (1 + 1 / (2 * x * x) + 3 / (4 * x * x * x * x));
  if (size < 1e-4) return x;
  // Centred at an even multiple of the spacing near x, the odd multiples around it are summed.
  const even = 2 * Math.round(x / (2 * STEP));
  let sum = 0;
  for (let k = -REACH; k <= REACH; k += 2) {
    const n = even + k;
    const away = x - n * STEP;
    sum += Math.exp(-away * away) / n;
  }
  return sum / Math.sqrt(Math.PI);
}
