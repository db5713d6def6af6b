import type { Findings } from "../cube/findings.js";
import type { Assignment } from "./assignment.js";
import { classStyles } from "./class-colours.js";
import { evidence } from "./evidence.js";
import { numbered } from "./figure.js";
import { html, safe } from "./html.js";
import type { Page, Section } from "./page.js";
import type { Pictures } from "./picture.js";
import type { RunLog } from "./run-log.js";
import { cases } from "./sections/cases.js";
import { checklists } from "./sections/checklists.js";
import { components } from "./sections/components.js";
import { concordanceSection } from "./sections/concordance.js";
import { header } from "./sections/header.js";
import { inputs } from "./sections/inputs.js";
import { limits } from "./sections/limits.js";
import { modelCard } from "./sections/model-card.js";
import { quality } from "./sections/quality.js";
import { spectra } from "./sections/spectra.js";
import { stains } from "./sections/stains.js";
import { study } from "./sections/study.js";
import { summary } from "./sections/summary.js";
import { validation } from "./sections/validation.js";
import { printStyle, style } from "./style.js";

/** In the order of the page; one that has nothing to say in a run of its kind gives nothing. */
const sections: readonly ((page: Page) => Section | undefined)[] = [
  summary,
  inputs,
  quality,
  spectra,
  components,
  validation,
  stains,
  cases,
  concordanceSection,
  study,
  modelCard,
  checklists,
  limits,
];

/**
 * Set the findings as one HTML page that needs nothing beside it: styles, charts and pictures are inside, and there is no script.
 * It computes nothing but shares of counts: every number printed carries its path in the findings as `data-finding`
 * (a share also the path of its whole as `data-of`, a value in 0…1 printed in per cent `data-scale="100"`).
 * A section whose findings are missing says so in a sentence; a picture that is missing leaves a box with its path.
 * `assignments` are the bands to be named in charts over wavenumber; none if not given. `log` says when it ran.
 */
export function renderReport(
  findings: Findings,
  pictures: Pictures,
  assignments: readonly Assignment[] = [],
  log?: RunLog,
): string {
  const page: Page = { findings: evidence(findings), pictures, assignments, styles: classStyles(findings), log };
  const made = sections.flatMap((section) => section(page) ?? []);
  const whole = html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="spectrastain ${findings.version}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${findings.title}</title>
<style>${safe(style)}${safe(printStyle(findings))}</style>
</head>
<body>
${header(page)}
<nav aria-label="Contents"><h2 class="unseen">Contents</h2><ol>${made.map(
    ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`,
  )}</ol></nav>
<main>
${made.map(
  ({ id, title, content }, i) => html`<section id="${id}">
<h2><span class="number">${String(i + 1)}</span> ${title}</h2>
${content}</section>
`,
)}</main>
<footer><p>${findings.title}. ${findings.notice}. Origin of the data: ${findings.origin}. spectrastain ${findings.version}.</p></footer>
</body>
</html>
`;
  return numbered(whole.toString());
}
