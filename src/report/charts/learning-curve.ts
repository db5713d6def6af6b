import * as Plot from "@observablehq/plot";
import type { ValidationFinding } from "../../cube/findings.js";
import type { Html } from "../html.js";
import { chart } from "./theme.js";

/** Macro AUC over the number of training patients, with its 95 % interval. */
export function learningCurve(points: NonNullable<ValidationFinding["learningCurve"]>): Html {
  const bounds = points.map(({ patients, interval: [low, high] }) => ({ patients, low, high }));
  return chart("Learning curve: macro AUC over the number of training patients", {
    height: 280,
    x: { label: "Training patients", labelAnchor: "center", labelArrow: "none", ticks: points.map((p) => p.patients) },
    y: { label: "Macro AUC", labelAnchor: "center", labelArrow: "none", grid: true, ticks: 5, nice: true },
    marks: [
      Plot.areaY(bounds, { x: "patients", y1: "low", y2: "high", fill: "#0072b2", fillOpacity: 0.2 }),
      Plot.line(points, { x: "patients", y: "macroAuc", stroke: "#0b5a8a", strokeWidth: 1.6 }),
      Plot.dot(points, { x: "patients", y: "macroAuc", r: 4, fill: "#0b5a8a" }),
    ],
  });
}
