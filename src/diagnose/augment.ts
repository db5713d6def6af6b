import type { Random } from "../cube/random.js";

/** Edge of the part of a patch that is shown, as a share of the patch. */
const CROP = 0.9;

/**
 * Show patches otherwise while training: each is turned and mirrored by one of eight ways, and a window of 90 % of its edge, at a
 * place drawn by lot, is stretched to the whole (bilinear). Labels do not change with it. `values[((i * size + y) * size + x) * channels + c]`.
 */
export function augment(values: Float32Array, size: number, channels: number, stream: Random): Float32Array {
  const length = size * size * channels;
  const out = new Float32Array(values.length);
  const window = CROP * size;
  const scale = (window - 1) / (size - 1);
  for (let from = 0; from < values.length; from += length) {
    const way = stream.integer(8);
    const top = stream.uniform() * (size - window);
    const left = stream.uniform() * (size - window);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [v, u] = turned(way, y, x, size);
        const sourceY = Math.min(size - 1, top + v * scale);
        const sourceX = Math.min(size - 1, left + u * scale);
        const y0 = Math.floor(sourceY);
        const x0 = Math.floor(sourceX);
        const y1 = Math.min(size - 1, y0 + 1);
        const x1 = Math.min(size - 1, x0 + 1);
        const down = sourceY - y0;
        const right = sourceX - x0;
        const at = (row: number, col: number) => from + (row * size + col) * channels;
        for (let c = 0; c < channels; c++) {
          const upper = values[at(y0, x0) + c] * (1 - right) + values[at(y0, x1) + c] * right;
          const lower = values[at(y1, x0) + c] * (1 - right) + values[at(y1, x1) + c] * right;
          out[at(y, x) + c] = upper * (1 - down) + lower * down;
        }
      }
    }
  }
  return out;
}

/** Where a pixel comes from in one of the eight ways to turn and mirror a square. */
function turned(way: number, y: number, x: number, size: number): [number, number] {
  const last = size - 1;
  const [v, u] = way & 4 ? [x, y] : [y, x];
  return [way & 1 ? last - v : v, way & 2 ? last - u : u];
}
