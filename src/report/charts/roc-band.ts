import * as Plot from "@observablehq/plot";
import type { MethodFinding } from "../../cube/diagnosis-findings.js";
import { type Html, html } from "../html.js";
import { type MethodLook, methodLegend } from "./method-look.js";
import { chart, rule } from "./theme.js";

/** The vertical average of the folds' ROC curves, with a band of one standard deviation to either side. */
export function rocBandChart(methods: readonly MethodFinding[], looks: readonly MethodLook[]): Html {
  const drawn = chart("ROC curves of the methods, mean over the folds with their spread", {
    width: 420,
    height: 420,
    marginTop: 12,
    x: { domain: [0, 1], label: "1 − specificity", labelAnchor: "center", labelArrow: "none", grid: true, ticks: 5 },
    y: { domain: [0, 1], label: "Recall", labelAnchor: "center", labelArrow: "none", grid: true, ticks: 5 },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: rule, strokeWidth: 1.2 },
      ),
      Plot.frame({ stroke: rule }),
      ...methods.flatMap(({ roc }, m) => {
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
      }),
    ],
  });
  return html`${methodLegend(looks)}${drawn}`;
}
