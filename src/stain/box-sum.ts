/**
 * Sum over a square window around every pixel, (2 · radius + 1)² pixels or what of them lies inside the image; in place.
 * Running sums make it O(1) a pixel whatever the radius. `scratch` is as long as `values`.
 */
export function boxSum(values: Float64Array, rows: number, cols: number, radius: number, scratch: Float64Array): void {
  for (let row = 0; row < rows; row++) runningSum(values, row * cols, 1, cols, radius, scratch);
  for (let col = 0; col < cols; col++) runningSum(scratch, col, cols, rows, radius, values);
}

/** The sums along one line of `length` values, `step` apart from `start` on. */
function runningSum(
  from: Float64Array,
  start: number,
  step: number,
  length: number,
  radius: number,
  to: Float64Array,
): void {
  let sum = 0;
  for (let i = 0; i < Math.min(radius, length); i++) sum += from[start + i * step];
  for (let i = 0; i < length; i++) {
    if (i + radius < length) sum += from[start + (i + radius) * step];
    if (i - radius > 0) sum -= from[start + (i - radius - 1) * step];
    to[start + i * step] = sum;
  }
}
