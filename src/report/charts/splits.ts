import * as Plot from "@observablehq/plot";
import type { Html } from "../html.js";
import { chart, ink, quiet, rule } from "./theme.js";

/** One way of splitting the pixels, and the macro AUC it gave. */
export interface Split {
  readonly name: string;
  readonly kind: "held-out" | "leak" | "null";
  readonly value: number | null;
  readonly interval?: readonly [number, number];
}

const colours = { "held-out": "#0b5a8a", leak: "#b3261e", null: quiet };

/** Macro AUC with its 95 % interval by way of splitting, one under the other on one axis; chance is the upright line. */
export function splitsChart(splits: readonly Split[]): Html {
  const dots = splits.filter((split) => split.value !== null);
  const bars = splits.flatMap(({ interval, ...split }) =>
    interval ? [{ ...split, low: interval[0], high: interval[1] }] : [],
  );
  const lowest = Math.min(0.5, ...dots.map(({ value }) => value!), ...bars.map(({ low }) => low));
  return chart("Macro AUC by way of splitting: patients held out, pixels at random, labels shuffled", {
    height: splits.length * 40 + 66,
    marginLeft: 190,
    x: {
      domain: [Math.max(0, Math.floor(lowest * 10 - 0.5) / 10), 1],
      label: "Macro AUC",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
    },
    y: { domain: splits.map(({ name }) => name), label: null, tickSize: 0 },
    marks: [
      Plot.ruleX([0.5], { stroke: ink, strokeWidth: 1 }),
      Plot.text([0.5], { x: (d: number) => d, text: ["chance"], frameAnchor: "top", dy: -14, fill: quiet }),
      Plot.ruleY(dots, { y: "name", stroke: rule, strokeWidth: 0.6 }),
      Plot.ruleY(bars, {
        x1: "low",
        x2: "high",
        y: "name",
        strokeWidth: 5,
        strokeOpacity: 0.4,
        strokeLinecap: "round",
        stroke: ({ kind }: Split) => colours[kind],
      }),
      Plot.dot(dots, {
        x: "value",
        y: "name",
        r: 6,
        fill: ({ kind }: Split) => colours[kind],
        stroke: "white",
        symbol: ({ kind }: Split) => (kind === "held-out" ? "circle" : kind === "leak" ? "square" : "diamond"),
      }),
    ],
  });
}
