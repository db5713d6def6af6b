import * as Plot from "@observablehq/plot";
import type { PcaFinding } from "../../cube/findings.js";
import type { Html } from "../html.js";
import { chart, ink } from "./theme.js";

/** Share of the variance each component explains, as bars, on a logarithmic axis so that the late ones still show. */
export function explainedVariance(pca: PcaFinding): Html {
  const bars = pca.explained
    .map((explained, i) => ({ component: i + 1, percent: 100 * explained }))
    .filter(({ percent }) => percent > 0);
  const floor = 10 ** Math.floor(Math.log10(Math.min(...bars.map(({ percent }) => percent), 1)));
  return chart("Explained variance of each principal component, in per cent, logarithmic", {
    height: 240,
    x: {
      type: "band",
      domain: pca.explained.map((_, i) => i + 1),
      label: "Principal component",
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      type: "log",
      domain: [floor, 100],
      label: "Explained variance / %",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      ticks: 4,
      tickFormat: (percent: number) => String(percent),
    },
    marks: [
      Plot.ruleX(bars, { x: "component", y1: floor, y2: "percent", stroke: "#9aa5b1", strokeWidth: 2 }),
      Plot.dot(bars, { x: "component", y: "percent", r: 4, fill: ink }),
    ],
  });
}
