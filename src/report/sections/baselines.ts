import type { StudyFinding } from "../../cube/diagnosis-findings.js";
import { estimate } from "../estimate.js";
import { type Evidence, each, given } from "../evidence.js";
import { table } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, text } from "../numbers.js";
import type { Page } from "../page.js";
import { scoreHead, scoreKeys } from "./score-names.js";

/** What the stain says without a network, and by how much the diagnosis is above it and above the other methods. */
export function baselines(page: Page, found: Evidence<StudyFinding>): Html {
  const beside = given(found.at("baselines"));
  const differences = given(found.at("differences"));
  return html`<h3>Beside simpler answers</h3>
${beside?.value.length ? baselineTable(page, beside) : html`<p class="missing">There is no stain to compare with, so that it is not known what its tumour share alone would have said.</p>`}
${differences?.value.length ? differenceTable(page, found, differences) : html`<p class="missing">There is nothing to compare the diagnosis with in this run.</p>`}
`;
}

function baselineTable(page: Page, beside: Evidence<NonNullable<StudyFinding["baselines"]>>): Html {
  const rows = each(beside).map(
    (of) =>
      html`<tr><th scope="row"><b>${text(of.at("title"))}</b>: ${text(of.at("scoreName"))}</th>${scoreKeys.map((key) => html`<td>${estimate(of.at("pooled").at(key))}</td>`)}</tr>
`,
  );
  return table(
    page,
    html`Diagnoses that the stain gives without a network, on the same bags and folds: nothing is learned but the threshold, which the patients outside the fold choose. Rank correlation with the score of the first method: ${join(
      each(beside).map((of) => html`${text(of.at("title"))} ${fixed(of.at("rank"), 2)}`),
      ", ",
    )}.`,
    scoreHead("Stain alone"),
    rows,
    "small wide",
  );
}

function differenceTable(
  page: Page,
  found: Evidence<StudyFinding>,
  differences: Evidence<NonNullable<StudyFinding["differences"]>>,
): Html {
  const rows = each(differences).map(
    (of) =>
      html`<tr><th scope="row">less ${text(of.at("title"))}</th>${scoreKeys.map((key) => html`<td>${estimate(of.at("scores").at(key))}</td>`)}</tr>
`,
  );
  const undecided = each(differences).filter(({ value }) => {
    const { interval } = value.scores.auc;
    return interval && interval[0] <= 0 && interval[1] >= 0;
  });
  return html`${table(
    page,
    html`By how much ${text(found.at("methods").at(0).at("title"))} is above the others on the same bags, with 95\u00a0% intervals of the difference by patient.`,
    scoreHead("First method"),
    rows,
    "small wide",
  )}
${
  undecided.length
    ? html`<p>By the AUC no difference is shown from: ${join(
        undecided.map((of) => text(of.at("title"))),
        ", ",
      )}. The intervals of these hold nought.</p>`
    : ""
}`;
}

/** Whether the diagnosis reads the stain that it stands beside: then their agreement is no second opinion. */
export function oneStain(study: Evidence<StudyFinding> | undefined): Html {
  const own = study && given(study.at("patch").at("ofStain"));
  if (!own) {
    return html`<p>A diagnosis whose features are taken from the stain reads that same stain: their agreement is then no second opinion.</p>`;
  }
  const all = count(study.at("patch").at("features").at("length"));
  return own.value > 0
    ? html`<p><b>One stain, read twice.</b> Of the ${all} features of a patch that the diagnosis learns from, ${count(own)} are read off the stain: stain and diagnosis rest on one classifier, and their agreement is no second opinion. Where they differ, one of two readings of the same map is wrong. A study with <code>--features spectra</code> leaves the stain out.</p>`
    : html`<p>None of the ${all} features that the diagnosis learns from is read off the class map, so that stain and diagnosis are two readings of the same spectra. The pipeline and its components they share.</p>`;
}
