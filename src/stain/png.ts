import { PNG } from "pngjs";

/** Colours `rgb[(y * width + x) * 3]` as a PNG without a filter: the pictures are flat areas, and a filter costs more than it saves. */
export function encodePng(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const picture = new PNG({ width, height });
  picture.data = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  const png = PNG.sync.write(picture, {
    inputColorType: 2,
    colorType: 2,
    inputHasAlpha: false,
    filterType: 0,
    deflateLevel: 5,
  });
  // Behind the signature and the first chunk, which is 25 bytes.
  return Buffer.concat([png.subarray(0, 33), made, png.subarray(33)]);
}

/** A text chunk by which a picture is known as made by this program: length, "tEXt", "Software", "spectrastain/picture/1", CRC. */
const made = Buffer.from(
  "0000001f74455874536f6674776172650073706563747261737461696e2f706963747572652f31eb848840",
  "hex",
);
