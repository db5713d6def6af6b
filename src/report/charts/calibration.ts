import * as Plot from "@observablehq/plot";
import type { ValidationFinding } from "../../cube/findings.js";
import type { Html } from "../html.js";
import { chart, ink, rule } from "./theme.js";

/** How often the predicted class was right, over how sure the classifier was; the area of a dot is its number of pixels. */
export function calibrationChart(calibration: ValidationFinding["calibration"]): Html {
  const bins = calibration.bins.filter(({ pixels }) => pixels > 0);
  return chart("Calibration: observed frequency over predicted probability", {
    width: 420,
    height: 420,
    marginTop: 12,
    x: {
      domain: [0, 1],
      label: "Predicted probability",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      ticks: 5,
    },
    y: { domain: [0, 1], label: "Observed frequency", labelAnchor: "center", labelArrow: "none", grid: true, ticks: 5 },
    r: { range: [0, 11] },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: rule, strokeWidth: 1.2 },
      ),
      Plot.frame({ stroke: rule }),
      Plot.line(bins, { x: "predicted", y: "observed", stroke: ink, strokeWidth: 1.2 }),
      Plot.dot(bins, {
        x: "predicted",
        y: "observed",
        r: "pixels",
        fill: "#0072b2",
        fillOpacity: 0.55,
        stroke: "#0b4d75",
      }),
    ],
  });
}
