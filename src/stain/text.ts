import { drawnWidth } from "./rasterise.js";
import { type Svg, svg } from "./svg.js";

/** Longer texts are cut before they are measured. */
const LONGEST = 300;

export interface TextStyle {
  readonly size: number;
  readonly weight?: "bold";
  readonly anchor?: "end" | "middle";
  readonly fill?: string;
}

/**
 * One line of a text that may come from anywhere: control characters, lone surrogates and line breaks, which XML or a single line
 * cannot hold, become spaces.
 */
export function oneLine(text: string): string {
  return text.slice(0, LONGEST).replace(/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]+/gu, " ");
}

/** A text element of an SVG, escaped. */
export function textAt(x: number, y: number, text: string, style: TextStyle): Svg {
  return svg`<text x="${x}" y="${y}" font-family="DejaVu Sans" font-size="${style.size}" font-weight="${style.weight ?? "normal"}"
 text-anchor="${style.anchor ?? "start"}" fill="${style.fill ?? "#1a1a1a"}" xml:space="preserve">${oneLine(text)}</text>`;
}

/** How wide a text is drawn, in the units of its size. */
export function textWidth(text: string, style: TextStyle): number {
  if (text === "") return 0;
  const { size, weight } = style;
  return drawnWidth(
    svg`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${textAt(0, size, text, { size, weight })}</svg>`.toString(),
  );
}

/** The text, or as much of its beginning as fits into `width` with "…" behind it. */
export function shorten(text: string, width: number, style: TextStyle): string {
  const line = oneLine(text);
  if (textWidth(line, style) <= width) return line;
  const characters = [...line];
  let fits = 0;
  let tooMany = characters.length;
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (textWidth(`${characters.slice(0, middle).join("")}…`, style) <= width) fits = middle;
    else tooMany = middle;
  }
  return `${characters.slice(0, fits).join("").trimEnd()}…`;
}
