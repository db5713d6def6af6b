import { hatchColours } from "./raster.js";
import { type Svg, svg } from "./svg.js";
import { shorten, type TextStyle, textAt, textWidth } from "./text.js";

type Colour = readonly [number, number, number];

/** A colour, or the hatching of excluded pixels. */
export type Swatch = Colour | "hatch";

/** What stands beside a picture: a table with a colour a row, or a colour scale with its ticks; notes below. */
export interface Legend {
  readonly heading: string;
  readonly scale?: { readonly colours: Uint8Array; readonly ticks: readonly string[] };
  /** Headings of the number columns. */
  readonly columns?: readonly string[];
  readonly rows: readonly { readonly swatch: Swatch; readonly name: string; readonly cells?: readonly string[] }[];
  readonly notes: readonly string[];
}

export interface Drawing {
  readonly svg: Svg;
  readonly width: number;
  readonly height: number;
}

const LINE = 22;
const NAME_WIDTH = 200;
const GAP = 16;
const BAR = { width: 18, height: 200 };
const name: TextStyle = { size: 13 };
const heading: TextStyle = { size: 13, weight: "bold" };
const columnHeading: TextStyle = { size: 11, fill: "#555555" };
const note: TextStyle = { size: 11, fill: "#555555" };

/** Draw a legend with its top left corner at (0, 0). */
export function drawLegend(legend: Legend): Drawing {
  const parts: Svg[] = [textAt(0, 12, legend.heading, heading)];
  let width = textWidth(legend.heading, heading);
  let y = 20;
  const grow = (drawing: Drawing) => {
    parts.push(svg`<g transform="translate(0 ${y})">${drawing.svg}</g>`);
    width = Math.max(width, drawing.width);
    y += drawing.height;
  };
  if (legend.scale) grow(drawScale(legend.scale.colours, legend.scale.ticks));
  if (legend.rows.length > 0) grow(drawTable(legend));
  y += 4;
  for (const line of legend.notes) {
    parts.push(textAt(0, y + 12, line, note));
    width = Math.max(width, textWidth(line, note));
    y += 16;
  }
  return { svg: svg`${parts}`, width, height: y };
}

/** Names to the left, numbers flush right in their columns. */
function drawTable({ columns = [], rows }: Legend): Drawing {
  const names = rows.map((row) => shorten(row.name, NAME_WIDTH, name));
  let right = 24 + Math.max(...names.map((each) => textWidth(each, name)));
  const parts: Svg[] = [];
  const top = columns.length > 0 ? LINE : 4;
  const ends = columns.map((column, k) => {
    const cells = rows.map((row) => textWidth(row.cells?.[k] ?? "", name));
    right += GAP + Math.max(textWidth(column, columnHeading), ...cells);
    parts.push(textAt(right, 15, column, { ...columnHeading, anchor: "end" }));
    return right;
  });
  for (const [i, row] of rows.entries()) {
    const y = top + i * LINE;
    parts.push(drawSwatch(row.swatch, y + 3), textAt(24, y + 15, names[i], name));
    for (const [k, end] of ends.entries()) {
      parts.push(textAt(end, y + 15, row.cells?.[k] ?? "", { ...name, anchor: "end" }));
    }
  }
  return { svg: svg`${parts}`, width: right, height: top + rows.length * LINE };
}

function drawSwatch(swatch: Swatch, y: number): Svg {
  const rgb = (colour: Colour) => `rgb(${colour.join(",")})`;
  const fill = rgb(swatch === "hatch" ? hatchColours.ground : swatch);
  const box = svg`<rect x="0.5" y="${y + 0.5}" width="14" height="14" fill="${fill}" stroke="#8c8c8c" stroke-width="1"/>`;
  if (swatch !== "hatch") return box;
  const lines = `M1,${y + 8} l6.5,-6.5 M1,${y + 14} l13,-13 M7.5,${y + 14.5} l6.5,-6.5`;
  return svg`${box}<path d="${lines}" stroke="${rgb(hatchColours.line)}" stroke-width="1.5" fill="none"/>`;
}

/** A vertical bar, high values on top, with its ticks evenly spaced from low to high. */
function drawScale(colours: Uint8Array, ticks: readonly string[]): Drawing {
  const top = 10;
  const steps = 64;
  const parts: Svg[] = [];
  for (let i = 0; i < steps; i++) {
    const at = Math.round((255 * (steps - 1 - i)) / (steps - 1)) * 3;
    const y = top + (i * BAR.height) / steps;
    const fill = `rgb(${colours[at]},${colours[at + 1]},${colours[at + 2]})`;
    // Half a unit of overlap hides the seams between the bands.
    const height = BAR.height / steps + (i < steps - 1 ? 0.5 : 0);
    parts.push(svg`<rect x="0" y="${y}" width="${BAR.width}" height="${height}" fill="${fill}"/>`);
  }
  for (const [i, tick] of ticks.entries()) {
    const y = top + BAR.height * (1 - i / (ticks.length - 1));
    parts.push(svg`<path d="M${BAR.width},${y} h5" stroke="#1a1a1a" stroke-width="1"/>`);
    parts.push(textAt(BAR.width + 10, y + 4.5, tick, name));
  }
  const width = BAR.width + 10 + Math.max(...ticks.map((tick) => textWidth(tick, name)));
  return { svg: svg`${parts}`, width, height: BAR.height + top + 14 };
}
