import type { Origin } from "../cube/cube.js";
import { drawLegend, type Legend } from "./legend.js";
import { encodePng } from "./png.js";
import type { Raster } from "./raster.js";
import { type Rgba, rasterise, startRenderer } from "./rasterise.js";
import { scaleBar } from "./scale-bar.js";
import { type Svg, svg } from "./svg.js";
import { shorten, type TextStyle, textAt, textWidth } from "./text.js";

/** What is written around a picture. */
export interface Caption {
  readonly title: string;
  /** Patient, core, mode: whatever tells this picture from its neighbours. */
  readonly subtitle?: string;
  /** Printed on every figure in words. */
  readonly origin: Origin;
  /** Warnings, printed in red. */
  readonly stamps?: readonly string[];
  /** Missing: the scale bar counts pixels. */
  readonly pixelSizeUm?: number;
  /** Pixels of the cube from one pixel of the map to the next, where the map is a preview; 1 if not given. */
  readonly step?: number;
}

const originLabel: Record<Origin, string> = {
  real: "real data",
  simulated: "simulated data",
  derived: "data derived from real data",
  unknown: "origin of the data not stated",
};

const MARGIN = 24;
const LEGEND_GAP = 28;
const WIDEST_TITLE = 900;
const title: TextStyle = { size: 19, weight: "bold" };
const subtitle: TextStyle = { size: 13, fill: "#444444" };
const stamp: TextStyle = { size: 13, weight: "bold", fill: "#b00020" };
const small: TextStyle = { size: 11, fill: "#555555" };
const NOTICE = "research use only, not for diagnostic use";

/**
 * Set a picture into a figure: title, origin of the data and warnings above, legend to the right, scale bar and notice below.
 * Lettering is drawn from SVG, the picture itself is copied pixel by pixel, so that it stays crisp. Gives a PNG.
 */
export async function figure(picture: Raster, legend: Legend, caption: Caption): Promise<Uint8Array> {
  await startRenderer();
  const unit = picture.lettering;
  const width = picture.width / unit;
  const height = picture.height / unit;
  const side = drawLegend(legend);
  const body = width + LEGEND_GAP + side.width;
  const parts: Svg[] = [];
  let widest = body;
  let y = MARGIN;
  const line = (text: string, style: TextStyle, advance: number) => {
    const shown = shorten(text, Math.max(body, WIDEST_TITLE), style);
    parts.push(textAt(MARGIN, y + style.size, shown, style));
    widest = Math.max(widest, textWidth(shown, style));
    y += advance;
  };
  line(caption.title, title, 28);
  line([originLabel[caption.origin], caption.subtitle].filter(Boolean).join(" · "), subtitle, 21);
  for (const text of caption.stamps ?? []) line(text, stamp, 20);
  y += 6;
  // Whole pixels, so that the frame of the picture and the picture meet.
  const left = Math.round(MARGIN * unit);
  const top = Math.round(y * unit);
  parts.push(svg`<g transform="translate(${MARGIN + width + LEGEND_GAP} ${y})">${side.svg}</g>`);
  parts.push(drawScaleBar(picture, caption, y + height + 12));
  const total = y + Math.max(height + 44, side.height) + MARGIN + 10;
  parts.push(textAt(MARGIN, total - MARGIN + 4, NOTICE, small));
  const outer = { width: Math.ceil((widest + 2 * MARGIN) * unit), height: Math.ceil(total * unit) };
  const frame = svg`<rect x="${left - 0.5}" y="${top - 0.5}" width="${picture.width + 1}" height="${picture.height + 1}" fill="none"
 stroke="#8c8c8c" stroke-width="1"/>`;
  const drawn = rasterise(
    svg`<svg xmlns="http://www.w3.org/2000/svg" width="${outer.width}" height="${outer.height}">${frame}<g transform="scale(${unit})">${parts}</g></svg>`.toString(),
  );
  return encodePng(drawn.width, drawn.height, compose(drawn, picture, left, top));
}

/** The bar with its length beside it, and how the picture was thinned. */
function drawScaleBar(picture: Raster, caption: Caption, y: number): Svg {
  const step = picture.step * (caption.step ?? 1);
  const shownCols = picture.width / picture.scale;
  const { pixels, label } = scaleBar(shownCols * step, caption.pixelSizeUm);
  const length = ((pixels / step) * picture.scale) / picture.lettering;
  const note = step > 1 ? `  (one pixel in ${step} × ${step} shown)` : "";
  const bar = svg`<rect x="${MARGIN}" y="${y}" width="${length}" height="6" fill="#1a1a1a"/>`;
  return svg`${bar}${textAt(MARGIN, y + 23, label + note, { size: 13 })}`;
}

/** The lettering without its alpha channel, the picture copied into it. */
function compose(drawn: Rgba, picture: Raster, left: number, top: number): Uint8Array {
  const { width, height, pixels } = drawn;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0, at = 0; at < data.length; i += 4, at += 3) {
    data[at] = pixels[i];
    data[at + 1] = pixels[i + 1];
    data[at + 2] = pixels[i + 2];
  }
  const bytes = picture.width * 3;
  for (let row = 0; row < picture.height; row++) {
    data.set(picture.rgb.subarray(row * bytes, (row + 1) * bytes), ((top + row) * width + left) * 3);
  }
  return data;
}
