/** The mean of some bands, and how far they scatter about their own least-squares line. */
export interface Residual {
  readonly mean: number;
  /** Standard deviation, divisor n − 2. */
  readonly deviation: number;
}

/**
 * Make ready to measure the noise of the bands at `wavenumbers`, 3 or more. The result of a call is overwritten by the next:
 * nothing is allocated a spectrum.
 */
export function lineResidual(wavenumbers: Float64Array): (values: Float32Array, start: number) => Residual {
  const n = wavenumbers.length;
  const middle = wavenumbers.reduce((sum, x) => sum + x, 0) / n;
  const places = wavenumbers.map((x) => x - middle);
  const squaredPlaces = places.reduce((sum, x) => sum + x * x, 0);
  const found = { mean: 0, deviation: 0 };
  return (values, start) => {
    let sum = 0;
    let moment = 0;
    for (let i = 0; i < n; i++) {
      sum += values[start + i];
      moment += places[i] * values[start + i];
    }
    const mean = sum / n;
    const slope = moment / squaredPlaces;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const rest = values[start + i] - mean - slope * places[i];
      squares += rest * rest;
    }
    found.mean = mean;
    found.deviation = Math.sqrt(squares / (n - 2));
    return found;
  };
}
