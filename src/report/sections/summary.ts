import type { StainFinding, ValidationFinding } from "../../cube/findings.js";
import { counts, estimate, estimateInterval, estimateValue } from "../estimate.js";
import { type Evidence, each, given } from "../evidence.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, text } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { warnings } from "./warnings.js";

/** The summary gives the composition of this many cubes; the section on the stain gives all. */
const summaryLimit = 12;

/** The outcome in a few sentences, then as "data element: response". */
export function summary(page: Page): Section {
  const { findings } = page;
  const validation = given(findings.at("validation"));
  const stains = given(findings.at("stains"));
  const stained = stains ? each(stains) : [];
  return {
    id: "summary",
    title: "Summary",
    content: html`
<p class="lead">${validation ? validated(validation) : html`No classifier was validated in this run. `}${
      stained.length ? stainedSentence(stains!) : html`No cube was stained in this run.`
    }</p>
<table class="synoptic"><caption class="unseen">Synoptic summary</caption><thead class="unseen"><tr><th scope="col">Data element</th><th scope="col">Response</th></tr></thead><tbody>
${row("Cubes read", count(findings.at("inputs").at("length")))}
${validation ? validationRows(validation) : row("Validation", html`not part of this run`)}
${stained.slice(0, summaryLimit).map(compositionRow)}${
  stained.length > summaryLimit
    ? row("Composition of the other cubes", html`see <a href="#stain">Digital stain</a>`)
    : ""
}
${row("Diagnosis", html`not part of this run`)}
${row("Origin of the data", text(findings.at("origin")))}
${row("Limitations", html`<ul>${warnings(page).map((warning) => html`<li>${warning}</li>`)}</ul>`)}
</tbody></table>
`,
  };
}

function row(element: string | Html, response: Html): Html {
  return html`<tr><th scope="row">${element}</th><td>${response}</td></tr>
`;
}

function validated(validation: Evidence<ValidationFinding>): Html {
  const { byPatient, randomSplit } = validation.value;
  const scores = validation.at("byPatient");
  const auc = scores.at("macroAuc");
  const interval = estimateInterval(auc);
  const leak = randomSplit && given(validation.at("randomSplit"));
  const found =
    byPatient.macroAuc.value === null
      ? html`The area under the ROC curve could not be had (${text(auc.at("reason"))}). `
      : html`Averaged over the classes, the area under the ROC curve was <b>${estimateValue(auc)}</b>${
          interval && html` (95\u00a0% interval by patient ${interval})`
        }, where 1 is a perfect and 0.5 a random order. `;
  return html`A classifier of ${count(validation.at("classNames").at("length"))} tissue classes was tested on ${counts(
    scores.at("counts"),
  )}; every pixel was classified by a model that had seen no pixel of the same patient. ${found}${
    leak &&
    html`Splitting the same pixels at random, so that a patient stands on both sides, would have reported ${estimateValue(
      leak.at("macroAuc"),
    )}: that is what a leak looks like, and not a figure to quote. `
  }`;
}

function validationRows(validation: Evidence<ValidationFinding>): Html[] {
  const scores = validation.at("byPatient");
  const leak = given(validation.at("randomSplit"));
  return [
    row("Patients, cores, pixels tested", counts(scores.at("counts"))),
    row("Classes", join(each(validation.at("classNames")).map(text), ", ")),
    row("Macro AUC, patients held out", html`<b>${estimate(scores.at("macroAuc"))}</b>`),
    row(
      "Macro AUC, pixels split at random",
      leak ? html`${estimate(leak.at("macroAuc"))} – what a leak would have reported` : html`not part of this run`,
    ),
    row("Balanced accuracy, patients held out", estimate(scores.at("balancedAccuracy"))),
    row("Accuracy, patients held out", estimate(scores.at("accuracy"))),
  ];
}

function stainedSentence(stains: Evidence<readonly StainFinding[]>): Html {
  const several = stains.value.length !== 1;
  return html`${count(stains.at("length"))} ${several ? "cubes were" : "cube was"} stained pixel by pixel; ${
    several ? "their" : "its"
  } composition is given below.`;
}

function compositionRow(stain: Evidence<StainFinding>): Html {
  const parts = each(stain.at("composition"))
    .filter((part) => part.value.percent !== null && part.value.percent > 0)
    .sort((a, b) => b.value.percent! - a.value.percent!)
    .slice(0, 3)
    .map((part) => html`${text(part.at("name"))} ${fixed(part.at("percent"), 1)}\u00a0%`);
  const mode = given(stain.at("mode"));
  return row(
    html`Main composition of ${text(stain.at("name"))}${mode && html` (${text(mode)})`}`,
    parts.length ? join(parts, ", ") : html`no pixel was classified`,
  );
}
