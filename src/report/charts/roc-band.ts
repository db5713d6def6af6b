import * as Plot from "@observablehq/plot";
import type { MethodFinding } from "../../cube/diagnosis-findings.js";
import { type Html, html } from "../html.js";
import { type MethodLook, methodLegend } from "./method-look.js";
import { unitSquare } from "./unit-square.js";

/** The vertical average of the folds' ROC curves, with a band of one standard deviation to either side. */
export function rocBandChart(methods: readonly MethodFinding[], looks: readonly MethodLook[]): Html {
  const marks = methods.flatMap(({ roc }, m) => {
    const points = roc.falsePositive.map((x, i) => ({
      x,
      y: roc.mean[i],
      low: Math.max(0, roc.mean[i] - roc.sd[i]),
      high: Math.min(1, roc.mean[i] + roc.sd[i]),
    }));
    const { line, dash } = looks[m];
    return [
      Plot.areaY(points, { x: "x", y1: "low", y2: "high", fill: line, fillOpacity: 0.12 }),
      Plot.lineY(points, { x: "x", y: "y", stroke: line, strokeDasharray: dash, strokeWidth: 1.7 }),
    ];
  });
  const description = "ROC curves of the methods, mean over the folds with their spread";
  const drawn = unitSquare(description, { x: "1 − specificity", y: "Recall" }, marks);
  return html`${methodLegend(looks)}${drawn}`;
}
