import * as Plot from "@observablehq/plot";
import type { SpectraFinding } from "../../cube/findings.js";
import type { ClassStyle } from "../class-colours.js";
import type { Html } from "../html.js";
import { panel, panelScales, panelsHeight, panelTitles } from "./panels.js";
import { quantityLabel } from "./quantity-label.js";
import { curve } from "./series.js";
import { chart, wavenumberScale } from "./theme.js";

/** One small chart a class: its mean spectrum in a band of one standard deviation to either side, all on the same scales. */
export function meanAndSpread(spectra: SpectraFinding, styles: ReadonlyMap<string, ClassStyle>): Html {
  const { wavenumbers, gaps, classes, quantity } = spectra;
  const marks = classes.flatMap(({ name, mean, sd }, i) => {
    const style = styles.get(name)!;
    const points = curve(wavenumbers, mean, sd, gaps).map((point) => ({ ...point, ...panel(i) }));
    const place = { x: "wavenumber", fx: "fx", fy: "fy" };
    return [
      Plot.areaY(points, { ...place, y1: "low", y2: "high", fill: style.fill, fillOpacity: 0.3 }),
      Plot.line(points, { ...place, y: "value", stroke: style.line, strokeWidth: 1.4 }),
    ];
  });
  return chart("Mean and standard deviation of the spectra of each class, one panel a class", {
    ...panelScales,
    height: panelsHeight(classes.length),
    marginTop: 28,
    marginLeft: 66,
    x: { ...wavenumberScale, ticks: 4 },
    y: { label: quantityLabel(quantity), labelAnchor: "center", labelArrow: "none", ticks: 4, grid: true },
    marks: [...marks, panelTitles(classes.map(({ name }) => name))],
  });
}
