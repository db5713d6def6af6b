import type { ValidationFinding } from "../../cube/findings.js";
import { estimate } from "../estimate.js";
import { type Evidence, each, given } from "../evidence.js";
import { table } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, plain, text } from "../numbers.js";
import type { Page } from "../page.js";

/** The rule of the stain on patients held out: at the balance of the tested pixels, and at that of the annotations. */
export function stainedTable(page: Page, found: Evidence<ValidationFinding>): Html {
  const stained = given(found.at("stained"))!;
  const natural = given(found.at("annotated"));
  const most = given(page.findings.at("pipeline"))?.at("classify").at("pixelsPerClass");
  const head = html`<tr><th scope="col">Figure</th><th scope="col">Tested pixels</th><th scope="col">Balance of the annotations</th></tr>`;
  const row = (name: string, key: "coverage" | "accuracy" | "rightOfAll") =>
    html`<tr><th scope="row">${name}</th><td>${estimate(stained.at(key))}</td><td>${natural ? estimate(natural.at(key)) : "–"}</td></tr>
`;
  const rows = [
    row("Classified, of all", "coverage"),
    row("Right, of the classified", "accuracy"),
    row("Classified and right, of all", "rightOfAll"),
    html`<tr><th scope="row">Most probable class right, classified or not</th><td>${estimate(found.at("byPatient").at("accuracy"))}</td><td>${
      natural ? estimate(natural.at("mostProbable")) : "–"
    }</td></tr>
`,
  ];
  const caption = html`The rule that stains, on patients held out: a pixel outside the domain of the fold’s model is rejected, one whose best class is less probable than ${plain(
    stained.at("threshold"),
  )} is unclassified. The tested pixels are drawn${
    most ? html`, at most ${count(most)} a class, evenly among its patients` : " evenly"
  }, so that a class annotated more often weighs less than in the annotations; on the right every tested pixel counts for the annotated ones of its patient and class.${modesOf(found)}${
    stained.value.refused
      ? html` ${count(stained.at("refused"))} drawn pixels were refused by the quality step before and are tested nowhere.`
      : ""
  }`;
  return table(page, caption, head, rows);
}

/** How the tested pixels are shared among the modes: of equal areas a fine one has many times the pixels of a coarse one. */
function modesOf(found: Evidence<ValidationFinding>): Html | string {
  const modes = given(found.at("byMode"));
  if (!modes || modes.value.length < 2) return "";
  const shares = each(modes).map(
    (of) => html`${text(of.at("mode"))} ${count(of.at("scores").at("counts").at("pixels"))}`,
  );
  return html` By mode: ${join(shares, ", ")}.`;
}
