import * as Plot from "@observablehq/plot";
import type { ValidationFinding } from "../../cube/findings.js";
import type { ClassStyle } from "../class-colours.js";
import { type Html, html } from "../html.js";
import { lineLegend } from "./legend.js";
import { chart, rule } from "./theme.js";

/** One-vs-rest ROC curves of all classes in one square, with the diagonal of chance. */
export function rocCurves(roc: ValidationFinding["roc"], styles: ReadonlyMap<string, ClassStyle>): Html {
  const lines = roc.map(({ name, falsePositive, truePositive }) => {
    const style = styles.get(name)!;
    const points = falsePositive.map((x, i) => ({ x, y: truePositive[i] }));
    return Plot.line(points, { x: "x", y: "y", stroke: style.line, strokeDasharray: style.dash, strokeWidth: 1.6 });
  });
  const drawn = chart("One-vs-rest ROC curves of the classes", {
    width: 420,
    height: 420,
    marginTop: 12,
    x: { domain: [0, 1], label: "1 − specificity", labelAnchor: "center", labelArrow: "none", grid: true, ticks: 5 },
    y: { domain: [0, 1], label: "Sensitivity", labelAnchor: "center", labelArrow: "none", grid: true, ticks: 5 },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: rule, strokeWidth: 1.2 },
      ),
      Plot.frame({ stroke: rule }),
      ...lines,
    ],
  });
  return html`${drawn}${lineLegend(roc.map(({ name }) => styles.get(name)!))}`;
}
