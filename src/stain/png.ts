import { PNG } from "pngjs";

/** Colours `rgb[(y * width + x) * 3]` as a PNG without a filter: the pictures are flat areas, and a filter costs more than it saves. */
export function encodePng(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const picture = new PNG({ width, height });
  picture.data = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  return PNG.sync.write(picture, {
    inputColorType: 2,
    colorType: 2,
    inputHasAlpha: false,
    filterType: 0,
    deflateLevel: 5,
  });
}
