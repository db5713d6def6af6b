import * as Plot from "@observablehq/plot";
import type { ImportanceFinding } from "../../cube/findings.js";
import { type Assignment, assignmentsWithin, distinctBands } from "../assignment.js";
import type { Html } from "../html.js";
import { bandLabelHeight, bandLabels } from "./band-labels.js";
import { curve } from "./series.js";
import { chart, ink, wavenumberScale } from "./theme.js";

/** What each wavenumber matters to the classifier, with the bands named above it. */
export function importanceChart(found: ImportanceFinding, assignments: readonly Assignment[]): Html {
  const { wavenumbers, gaps, importance } = found;
  const bands = distinctBands(assignmentsWithin(assignments, wavenumbers[0], wavenumbers[wavenumbers.length - 1]));
  const points = curve(wavenumbers, importance, undefined, gaps);
  const top = bandLabelHeight(bands);
  return chart("Importance of each wavenumber to the classifier, high to low", {
    height: top + 230,
    marginTop: top,
    marginLeft: 66,
    x: wavenumberScale,
    y: { label: "Share of the importance", labelAnchor: "center", labelArrow: "none", zero: true, ticks: 5 },
    marks: [
      bandLabels(bands),
      Plot.areaY(points, { x: "wavenumber", y1: 0, y2: "value", fill: "#0072b2", fillOpacity: 0.25 }),
      Plot.line(points, { x: "wavenumber", y: "value", stroke: "#0b5a8a", strokeWidth: 1.4 }),
      Plot.ruleY([0], { stroke: ink, strokeWidth: 0.8 }),
    ],
  });
}
