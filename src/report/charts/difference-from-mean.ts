import * as Plot from "@observablehq/plot";
import type { SpectraFinding } from "../../cube/findings.js";
import { type Assignment, assignmentsWithin, distinctBands } from "../assignment.js";
import type { ClassStyle } from "../class-colours.js";
import type { Html } from "../html.js";
import { panel, panelScales, panelsHeight, panelTitles } from "./panels.js";
import { curve } from "./series.js";
import { chart, quiet, rule, wavenumberScale } from "./theme.js";

/** One small chart a class: its mean less the mean of all class means, each class weighing the same; bands as upright lines. */
export function differenceFromMean(
  spectra: SpectraFinding,
  styles: ReadonlyMap<string, ClassStyle>,
  assignments: readonly Assignment[],
): Html {
  const { wavenumbers, gaps, classes } = spectra;
  const centre = wavenumbers.map((_, band) => classes.reduce((sum, { mean }) => sum + mean[band], 0) / classes.length);
  const bands = distinctBands(assignmentsWithin(assignments, wavenumbers[0], wavenumbers[wavenumbers.length - 1]));
  const marks = classes.flatMap(({ name, mean }, i) => {
    const style = styles.get(name)!;
    const difference = mean.map((value, band) => value - centre[band]);
    const points = curve(wavenumbers, difference, undefined, gaps).map((point) => ({ ...point, ...panel(i) }));
    const place = { x: "wavenumber", fx: "fx", fy: "fy" };
    return [
      Plot.ruleX(bands, { x: "wavenumber", stroke: rule, strokeWidth: 0.6, ...panel(i) }),
      Plot.ruleY([0], { stroke: quiet, strokeWidth: 0.8, ...panel(i) }),
      Plot.areaY(points, { ...place, y1: 0, y2: "value", fill: style.fill, fillOpacity: 0.3 }),
      Plot.line(points, { ...place, y: "value", stroke: style.line, strokeWidth: 1.4 }),
    ];
  });
  return chart("Difference of the mean spectrum of each class from the mean of all classes, one panel a class", {
    ...panelScales,
    height: panelsHeight(classes.length),
    marginTop: 28,
    marginLeft: 66,
    x: { ...wavenumberScale, ticks: 4 },
    y: { label: "Difference from the mean", labelAnchor: "center", labelArrow: "none", ticks: 4 },
    marks: [...marks, panelTitles(classes.map(({ name }) => name))],
  });
}
