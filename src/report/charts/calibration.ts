import * as Plot from "@observablehq/plot";
import type { ValidationFinding } from "../../cube/findings.js";
import type { Html } from "../html.js";
import { ink } from "./theme.js";
import { unitSquare } from "./unit-square.js";

/** How often the predicted class was right, over how sure the classifier was; the area of a dot is its number of pixels. */
export function calibrationChart(calibration: ValidationFinding["calibration"]): Html {
  const bins = calibration.bins.filter(({ pixels }) => pixels > 0);
  const description = "Calibration: observed frequency over predicted probability";
  const marks = [
    Plot.line(bins, { x: "predicted", y: "observed", stroke: ink, strokeWidth: 1.2 }),
    Plot.dot(bins, {
      x: "predicted",
      y: "observed",
      r: "pixels",
      fill: "#0072b2",
      fillOpacity: 0.55,
      stroke: "#0b4d75",
    }),
  ];
  return unitSquare(description, { x: "Predicted probability", y: "Observed frequency" }, marks, {
    r: { range: [0, 11] },
  });
}
