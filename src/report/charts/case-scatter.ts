import * as Plot from "@observablehq/plot";
import type { CaseFinding } from "../../cube/diagnosis-findings.js";
import { type Html, html } from "../html.js";
import { boxLegend } from "./legend.js";
import { chart, ink, quiet, rule } from "./theme.js";

const colours = { concordant: "#0b5a8a", discordant: "#c2571a", indeterminate: "#8a8a8a" } as const;

/** The cases by the tumour share of the stain and the score of the diagnosis, with the thresholds of both. */
export function caseScatter(cases: readonly CaseFinding[]): Html {
  const dots = cases.flatMap(({ id, diagnosis, concordance }) =>
    diagnosis && concordance.tumourAll !== null && concordance.verdict !== "not assessed"
      ? [{ id, x: Math.max(1e-4, concordance.tumourAll), y: diagnosis.score, fill: colours[concordance.verdict] }]
      : [],
  );
  const [first] = cases.filter(({ diagnosis }) => diagnosis);
  const stain = first?.concordance.stainThreshold;
  const drawn = chart("Score of the diagnosis over the tumour share of the stain", {
    width: 560,
    height: 400,
    x: {
      type: "log",
      domain: [1e-4, 1],
      label: "Tumour share of the stain",
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (share: number) => (Math.log10(share) % 1 === 0 ? String(share) : ""),
    },
    y: { domain: [0, 1], label: "Score of the diagnosis", labelAnchor: "center", labelArrow: "none", grid: true },
    marks: [
      Plot.frame({ stroke: rule }),
      ...(stain ? [Plot.ruleX([Math.max(1e-4, stain)], { stroke: quiet, strokeDasharray: "4 3" })] : []),
      ...(first?.diagnosis ? [Plot.ruleY([first.diagnosis.threshold], { stroke: quiet, strokeDasharray: "4 3" })] : []),
      Plot.dot(dots, { x: "x", y: "y", r: 5, fill: "fill", stroke: ink, strokeWidth: 0.6 }),
      ...(dots.length <= 30
        ? [Plot.text(dots, { x: "x", y: "y", text: "id", dx: 9, textAnchor: "start", fill: ink })]
        : []),
    ],
  });
  return html`${boxLegend([
    { name: "concordant", fill: colours.concordant },
    { name: "discordant", fill: colours.discordant },
    { name: "indeterminate", fill: colours.indeterminate },
  ])}${drawn}`;
}
