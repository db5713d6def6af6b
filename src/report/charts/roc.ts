import * as Plot from "@observablehq/plot";
import type { ValidationFinding } from "../../cube/findings.js";
import type { ClassStyle } from "../class-colours.js";
import { type Html, html } from "../html.js";
import { lineLegend } from "./legend.js";
import { unitSquare } from "./unit-square.js";

/** One-vs-rest ROC curves of all classes in one square, with the diagonal of chance. */
export function rocCurves(roc: ValidationFinding["roc"], styles: ReadonlyMap<string, ClassStyle>): Html {
  const lines = roc.map(({ name, falsePositive, truePositive }) => {
    const style = styles.get(name)!;
    const points = falsePositive.map((x, i) => ({ x, y: truePositive[i] }));
    return Plot.line(points, { x: "x", y: "y", stroke: style.line, strokeDasharray: style.dash, strokeWidth: 1.6 });
  });
  const labels = { x: "1 − specificity", y: "Sensitivity" };
  const drawn = unitSquare("One-vs-rest ROC curves of the classes", labels, lines);
  return html`${drawn}${lineLegend(roc.map(({ name }) => styles.get(name)!))}`;
}
