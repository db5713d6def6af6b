import * as Plot from "@observablehq/plot";
import { ink } from "./theme.js";

const columns = 3;

/** Where the i-th of several small charts stands, three to a row; facet channels for Plot. */
export function panel(i: number): { fx: number; fy: number } {
  return { fx: i % columns, fy: Math.floor(i / columns) };
}

/** Height of a chart made of n panels. */
export function panelsHeight(n: number): number {
  return Math.ceil(n / columns) * 150 + 60;
}

/** Facets without axes of their own; the titles say which panel is which. */
export const panelScales: Plot.PlotOptions = {
  fx: { axis: null, padding: 0.1 },
  fy: { axis: null, padding: 0.16 },
};

/** The title of each panel, above its left edge. */
export function panelTitles(names: readonly string[]): Plot.Markish {
  const titles = names.map((name, i) => ({ name, ...panel(i) }));
  return Plot.text(titles, {
    fx: "fx",
    fy: "fy",
    text: "name",
    frameAnchor: "top-left",
    dy: -12,
    fill: ink,
    fontWeight: 600,
  });
}
