import * as Plot from "@observablehq/plot";
import type { Html } from "../html.js";
import { chart, rule } from "./theme.js";

/** A square chart of one share over another, both from 0 to 1, with its diagonal under the marks. */
export function unitSquare(
  description: string,
  labels: { readonly x: string; readonly y: string },
  marks: readonly Plot.Markish[],
  more: Plot.PlotOptions = {},
): Html {
  const scale = { domain: [0, 1], labelAnchor: "center", labelArrow: "none", grid: true, ticks: 5 } as const;
  return chart(description, {
    width: 420,
    height: 420,
    marginTop: 12,
    x: { ...scale, label: labels.x },
    y: { ...scale, label: labels.y },
    ...more,
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: rule, strokeWidth: 1.2 },
      ),
      Plot.frame({ stroke: rule }),
      ...marks,
    ],
  });
}
