import { encodePng } from "./png.js";
import { hatchColours, type Paint } from "./raster.js";

/** Pixels from one line of the hatching to the next. */
const PERIOD = 4;

/** A map as a bare PNG, one pixel a pixel and no lettering: for the report and for other programs, which add their own. */
export function barePng(rows: number, cols: number, paint: Paint): Uint8Array {
  const data = new Uint8Array(rows * cols * 3);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const pixel = row * cols + col;
      if (paint(pixel, data, pixel * 3) !== "hatch") continue;
      data.set((row + col) % PERIOD === 0 ? hatchColours.line : hatchColours.ground, pixel * 3);
    }
  }
  return encodePng(cols, rows, data);
}
