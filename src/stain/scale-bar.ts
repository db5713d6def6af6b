/** A scale bar: its length in pixels of the map, and what to write beside it. */
export interface ScaleBar {
  readonly pixels: number;
  readonly label: string;
}

/**
 * The longest round length (1, 2 or 5 times a power of ten) that is at most a quarter of the map's width, in µm or, from 1000 µm on,
 * in mm. Where the pixel size is not known the bar counts pixels, at least one.
 */
export function scaleBar(cols: number, pixelSizeUm?: number): ScaleBar {
  const size = pixelSizeUm ?? 1;
  const quarter = (cols * size) / 4;
  const longest = pixelSizeUm === undefined ? Math.max(quarter, 1) : quarter;
  const power = 10 ** Math.floor(Math.log10(longest));
  // A hair above 1, so that 5 · 10² µm is not missed because 499.9999 were computed.
  const factor = [5, 2, 1].find((each) => each * power <= longest * (1 + 1e-9)) ?? 1;
  const length = Number((factor * power).toPrecision(1));
  const label = pixelSizeUm === undefined ? `${length} px` : length >= 1000 ? `${length / 1000} mm` : `${length} µm`;
  return { pixels: length / size, label };
}
