/** Small maps are enlarged until their longer side has at least this many pixels … */
const SMALLEST = 600;
/** … and large ones thinned until it has at most this many. */
const LARGEST = 2000;

/** The image part of a figure: `rgb[(y * width + x) * 3]`. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** Every `step`-th pixel of the map is shown, enlarged to `scale` × `scale`; one of the two is 1. */
  readonly step: number;
  readonly scale: number;
  /** Size of lettering and lines to go with it, 1 at up to 900 pixels. */
  readonly lettering: number;
}

/** Puts the colour of a pixel at `rgb[at…at + 2]`, or says "hatch" for an excluded pixel. */
export type Paint = (pixel: number, rgb: Uint8Array, at: number) => "hatch" | undefined;

/** The two greys of excluded pixels. */
export const hatchColours = { ground: [232, 232, 232], line: [150, 150, 150] } as const;

/**
 * Paint a map pixel by pixel, enlarged without interpolation or thinned. Excluded pixels get diagonal lines that run on across
 * neighbouring pixels.
 */
export function raster(rows: number, cols: number, paint: Paint): Raster {
  const longest = Math.max(rows, cols);
  const step = Math.ceil(longest / LARGEST);
  const scale = step > 1 ? 1 : Math.ceil(SMALLEST / longest);
  const shownRows = Math.ceil(rows / step);
  const shownCols = Math.ceil(cols / step);
  const width = shownCols * scale;
  const height = shownRows * scale;
  const lettering = Math.max(1, Math.max(width, height) / 900);
  const period = Math.round(8 * lettering);
  const line = Math.max(1, Math.round(1.5 * lettering));

  const rgb = new Uint8Array(width * height * 3);
  const colour = new Uint8Array(3);
  for (let row = 0; row < shownRows; row++) {
    for (let col = 0; col < shownCols; col++) {
      const hatched = paint(row * step * cols + col * step, colour, 0) === "hatch";
      for (let y = row * scale; y < (row + 1) * scale; y++) {
        for (let x = col * scale; x < (col + 1) * scale; x++) {
          const shown = !hatched ? colour : (x + y) % period < line ? hatchColours.line : hatchColours.ground;
          const at = (y * width + x) * 3;
          rgb[at] = shown[0];
          rgb[at + 1] = shown[1];
          rgb[at + 2] = shown[2];
        }
      }
    }
  }
  return { width, height, rgb, step, scale, lettering };
}
