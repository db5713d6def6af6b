import * as Plot from "@observablehq/plot";
import type { PcaFinding } from "../../cube/findings.js";
import { type Assignment, assignmentsWithin, distinctBands } from "../assignment.js";
import type { Html } from "../html.js";
import { curve } from "./series.js";
import { chart, ink, quiet, rule, wavenumberScale } from "./theme.js";

/** The first loadings (at most five) one under the other, with the bands as upright lines through all of them. */
export function loadings(pca: PcaFinding, assignments: readonly Assignment[]): Html {
  const { wavenumbers, gaps } = pca;
  const shown = pca.loadings.slice(0, 5);
  const bands = distinctBands(assignmentsWithin(assignments, wavenumbers[0], wavenumbers[wavenumbers.length - 1]));
  const points = shown.flatMap((loading, i) =>
    curve(wavenumbers, loading, undefined, gaps).map((point) => ({ ...point, name: `PC ${i + 1}` })),
  );
  return chart("Loadings of the first principal components over wavenumber, high to low", {
    height: shown.length * 96 + 64,
    marginRight: 52,
    x: wavenumberScale,
    y: { label: "Loading", labelAnchor: "center", labelArrow: "none", ticks: 3 },
    fy: { label: null, padding: 0.12, domain: shown.map((_, i) => `PC ${i + 1}`) },
    marks: [
      Plot.ruleX(bands, { x: "wavenumber", stroke: rule, strokeWidth: 0.6 }),
      Plot.ruleY([0], { stroke: quiet, strokeWidth: 0.8 }),
      Plot.line(points, { x: "wavenumber", y: "value", fy: "name", stroke: ink, strokeWidth: 1.3 }),
    ],
  });
}
