/**
 * The channels of a square of pixels, resampled to `size` × `size` by area: each new pixel is the mean of what it covers, parts of pixels
 * counting by their part; where there is no tissue the channels are 0.
 */
export function patchImage(
  channels: Float32Array,
  channelCount: number,
  kept: Uint8Array,
  cols: number,
  top: number,
  left: number,
  edge: number,
  size: number,
  out: Float32Array,
  at: number,
): void {
  const scale = edge / size;
  for (let y = 0; y < size; y++) {
    const [y0, y1] = [y * scale, (y + 1) * scale];
    for (let x = 0; x < size; x++) {
      const [x0, x1] = [x * scale, (x + 1) * scale];
      const to = at + (y * size + x) * channelCount;
      for (let c = 0; c < channelCount; c++) {
        let sum = 0;
        for (let row = Math.floor(y0); row < y1 && row < edge; row++) {
          const tall = Math.min(y1, row + 1) - Math.max(y0, row);
          for (let col = Math.floor(x0); col < x1 && col < edge; col++) {
            const pixel = (top + row) * cols + left + col;
            if (!kept[pixel]) continue;
            sum += tall * (Math.min(x1, col + 1) - Math.max(x0, col)) * channels[pixel * channelCount + c];
          }
        }
        out[to + c] = sum / (scale * scale);
      }
    }
  }
}
