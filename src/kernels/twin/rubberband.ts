/**
 * Subtract the convex hull of each row over its wavenumbers: the lower one with `side` 1, the upper one with −1.
 * A row with NaN or ±Inf becomes NaN. `hull` is scratch of 3 · `bands` indices, of which this one uses the first `bands`.
 * Andrew's monotone chain (1979): every band is pushed once and popped at most once.
 */
export function rubberband(
  values: Float32Array,
  count: number,
  bands: number,
  wavenumbers: Float64Array,
  side: number,
  hull: Int32Array,
  out: Float32Array,
): void {
  if (bands === 0) return;
  for (let row = 0; row < count; row++) {
    const start = row * bands;
    let finite = 0;
    for (let band = 0; band < bands; band++) finite += values[start + band] * 0;
    if (finite !== 0) {
      for (let band = 0; band < bands; band++) out[start + band] = Number.NaN;
      continue;
    }
    let size = 0;
    for (let band = 0; band < bands; band++) {
      const x = wavenumbers[band];
      const y = values[start + band];
      while (size >= 2) {
        const a = hull[size - 2];
        const b = hull[size - 1];
        const turn =
          (wavenumbers[b] - wavenumbers[a]) * (y - values[start + a]) -
          (values[start + b] - values[start + a]) * (x - wavenumbers[a]);
        if (turn * side > 0) break;
        size--;
      }
      hull[size++] = band;
    }
    for (let piece = 0; piece < size - 1; piece++) {
      const a = hull[piece];
      const b = hull[piece + 1];
      const x0 = wavenumbers[a];
      const y0 = values[start + a];
      const slope = (values[start + b] - y0) / (wavenumbers[b] - x0);
      for (let band = a; band < b; band++) {
        out[start + band] = values[start + band] - (y0 + slope * (wavenumbers[band] - x0));
      }
    }
    out[start + bands - 1] = 0;
  }
}
