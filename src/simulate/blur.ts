/** Microns a pixel of the grid on which scenes are made. */
export const gridUm = 1.1;

/** Numerical aperture of the 15× objective of SD and HD. */
const aperture = 0.62;

/** Standard deviation of the point spread at a wavenumber (cm-1), in pixels of 1.1 µm: 0.217 λ / NA. */
export function pointSpread(wavenumber: number): number {
  return (0.217 * (1e4 / wavenumber)) / aperture / gridUm;
}

/** Half a Gaussian, middle first, cut at three standard deviations and of sum 1 as a whole. */
export function halfGaussian(sigma: number): Float64Array {
  const half = Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, i) => Math.exp(-0.5 * (i / sigma) ** 2));
  const sum = 2 * half.reduce((a, b) => a + b) - half[0];
  return half.map((value) => value / sum);
}

/**
 * Half a Gaussian for places that each stand for a pixel of edge 1, middle first and of sum 1 as a whole: its variance on the grid is
 * sigma² + 1/12, that of the point spread and of the pixel together. Sampled at so few places a Gaussian is narrower than it says, so
 * its width is searched for.
 */
export function halfPixelGaussian(sigma: number): Float64Array {
  const wanted = sigma * sigma + 1 / 12;
  let [low, high] = [sigma, sigma + 1];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (varianceOf(halfGaussian(middle)) < wanted) low = middle;
    else high = middle;
  }
  return halfGaussian(high);
}

function varianceOf(half: Float64Array): number {
  return half.reduce((sum, weight, i) => sum + 2 * i * i * weight, 0);
}

/**
 * Blur a plane by a Gaussian, down then across. `plane` is [rows + 2·halo, cols + 2·halo] and is used up; `out` is [rows, cols].
 * The kernel must not reach further than the halo.
 */
export function blur(
  plane: Float32Array,
  rows: number,
  cols: number,
  halo: number,
  half: Float64Array,
  line: Float64Array,
  out: Float32Array,
): void {
  const width = cols + 2 * halo;
  const reach = half.length - 1;
  for (let row = 0; row < rows; row++) {
    const middle = (row + halo) * width;
    for (let col = 0; col < width; col++) line[col] = half[0] * plane[middle + col];
    for (let k = 1; k <= reach; k++) {
      const weight = half[k];
      const above = middle - k * width;
      const below = middle + k * width;
      for (let col = 0; col < width; col++) line[col] += weight * (plane[above + col] + plane[below + col]);
    }
    for (let col = 0; col < cols; col++) {
      const at = col + halo;
      let sum = half[0] * line[at];
      for (let k = 1; k <= reach; k++) sum += half[k] * (line[at - k] + line[at + k]);
      out[row * cols + col] = sum;
    }
  }
}
