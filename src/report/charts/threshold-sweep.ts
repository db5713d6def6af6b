import * as Plot from "@observablehq/plot";
import type { MethodFinding } from "../../cube/diagnosis-findings.js";
import { type Html, html } from "../html.js";
import { type MethodLook, methodLegend } from "./method-look.js";
import { chart, quiet, rule } from "./theme.js";

const shown = ["accuracy", "precision", "recall"] as const;

/** A score to be marked on the axis of thresholds. */
export interface Mark {
  readonly name: string;
  readonly score: number;
}

/**
 * Accuracy, precision and recall over the threshold, their mean over the folds with a band of one standard deviation to either side. Where
 * nothing is called positive there is no precision, and the line has a gap.
 */
export function thresholdSweep(
  methods: readonly MethodFinding[],
  looks: readonly MethodLook[],
  marks: readonly Mark[] = [],
): Html {
  const points = methods.flatMap(({ sweep }, m) =>
    shown.flatMap((name) =>
      sweep.thresholds.map((x, i) => {
        const { mean, sd } = sweep[name][i];
        const value = mean ?? Number.NaN;
        const half = sd ?? 0;
        return { x, name, m, value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
      }),
    ),
  );
  const drawn = chart("Accuracy, precision and recall over the threshold", {
    height: 300,
    marginTop: 26,
    fx: { domain: [...shown], label: null, padding: 0.06 },
    x: {
      domain: [0, 1],
      label: "Threshold on the score",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: [0.2, 0.4, 0.6, 0.8],
    },
    y: { domain: [0, 1], label: null, grid: true, ticks: 5 },
    marks: [
      Plot.frame({ stroke: rule }),
      ...looks.flatMap(({ line, dash }, m) => {
        const own = points.filter((point) => point.m === m);
        return [
          Plot.areaY(own, { x: "x", y1: "low", y2: "high", fx: "name", fill: line, fillOpacity: 0.15 }),
          Plot.lineY(own, { x: "x", y: "value", fx: "name", stroke: line, strokeDasharray: dash, strokeWidth: 1.7 }),
        ];
      }),
      ...(marks.length ? [Plot.ruleX(marks, { x: "score", stroke: quiet, strokeDasharray: "1 3" })] : []),
    ],
  });
  return html`${methodLegend(looks)}${drawn}`;
}
