import * as Plot from "@observablehq/plot";
import type { StudyFinding } from "../../cube/diagnosis-findings.js";
import { type Html, html } from "../html.js";
import { boxLegend } from "./legend.js";
import { chart } from "./theme.js";

/** The colours of a negative, an open and a positive answer: apart in lightness as well as in hue. */
export const answerColours = { negative: "#0b5a8a", indeterminate: "#8a8f98", positive: "#c2571a" } as const;

/** A bar a bag, from the one with the fewest patches to the one with the most, in the colour of its label. */
export function patchesPerBag({ bags, classNames }: StudyFinding): Html {
  const positive = classNames[1].split(" or ");
  const bars = [...bags]
    .sort((a, b) => a.patches - b.patches)
    .map(({ patches, label }, i) => ({ i, patches, positive: positive.includes(label) }));
  const drawn = chart("Patches of every bag", {
    height: 220,
    x: { type: "band", label: "Bags", labelAnchor: "center", labelArrow: "none", ticks: [] },
    y: { label: "Patches", labelArrow: "none", grid: true },
    marks: [
      Plot.barY(bars, {
        x: "i",
        y: "patches",
        fill: (bar: { positive: boolean }) => (bar.positive ? answerColours.positive : answerColours.negative),
      }),
    ],
  });
  const legend = boxLegend([
    { name: classNames[0], fill: answerColours.negative },
    { name: classNames[1], fill: answerColours.positive },
  ]);
  return html`${legend}${drawn}`;
}
