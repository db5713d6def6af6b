import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Html, safe } from "../html.js";

/** Width of a chart in its own units; the page scales it to the text width. */
export const chartWidth = 760;

export const ink = "#1f2328";
export const quiet = "#5b6470";
export const rule = "#d5dae0";

/** The axis every spectrum is drawn on: high to low. */
export const wavenumberScale: Plot.ScaleOptions = {
  label: "Wavenumber / cm⁻¹",
  reverse: true,
  labelAnchor: "center",
  labelArrow: "none",
  tickFormat: (wavenumber: number) => String(wavenumber),
  nice: false,
};

/**
 * Draw a chart without a browser and give it as inline SVG that scales with the page.
 * `description` is what a screen reader says in its place.
 */
export function chart(description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({
    width: chartWidth,
    marginLeft: 56,
    marginRight: 16,
    marginTop: 20,
    marginBottom: 44,
    ...options,
    document,
    style: { fontSize: "12px", fontFamily: "var(--sans)", color: ink, background: "none" },
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", description);
  return safe(svg.outerHTML);
}
