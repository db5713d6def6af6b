import * as Plot from "@observablehq/plot";
import type { SpectraFinding } from "../../cube/findings.js";
import { type Assignment, assignmentsWithin, distinctBands } from "../assignment.js";
import type { ClassStyle } from "../class-colours.js";
import { type Html, html } from "../html.js";
import { bandLabelHeight, bandLabels } from "./band-labels.js";
import { lineLegend } from "./legend.js";
import { quantityLabel } from "./quantity-label.js";
import { curve } from "./series.js";
import { chart, wavenumberScale } from "./theme.js";

/** The mean spectra of all classes on one axis, with the bands named above it. */
export function classMeans(
  spectra: SpectraFinding,
  styles: ReadonlyMap<string, ClassStyle>,
  assignments: readonly Assignment[],
): Html {
  const { wavenumbers, gaps, classes } = spectra;
  const bands = distinctBands(assignmentsWithin(assignments, wavenumbers[0], wavenumbers[wavenumbers.length - 1]));
  const lines = classes.map(({ name, mean }) => {
    const style = styles.get(name)!;
    return Plot.line(curve(wavenumbers, mean, undefined, gaps), {
      x: "wavenumber",
      y: "value",
      stroke: style.line,
      strokeDasharray: style.dash,
      strokeWidth: 1.5,
    });
  });
  const drawn = chart("Mean spectrum of every class over wavenumber, high to low", {
    height: bandLabelHeight(bands) + 300,
    marginTop: bandLabelHeight(bands),
    marginLeft: 66,
    x: wavenumberScale,
    y: { label: quantityLabel(spectra.quantity), labelAnchor: "center", labelArrow: "none", grid: false },
    marks: [bandLabels(bands), ...lines],
  });
  return html`${lineLegend(classes.map(({ name }) => styles.get(name)!))}${drawn}`;
}
