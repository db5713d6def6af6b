import type { ValidationFinding } from "../../cube/findings.js";
import { counts, estimate } from "../estimate.js";
import { type Evidence, each, given } from "../evidence.js";
import { table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, text } from "../numbers.js";
import type { Page } from "../page.js";
import { swatch } from "./swatch.js";

/** AUC, sensitivity and specificity of every class, patients held out, with what they rest on. */
export function classTable(page: Page, found: Evidence<ValidationFinding>): Html {
  const scores = found.at("byPatient");
  const annotated = given(found.at("annotated"));
  const head = html`<tr><th scope="col">Class</th><th scope="col" class="n">Patients</th><th scope="col" class="n">Cores</th><th scope="col" class="n">Pixels</th>${
    annotated && html`<th scope="col" class="n">Annotated</th>`
  }<th scope="col">AUC</th><th scope="col">Sensitivity</th><th scope="col">Specificity</th></tr>`;
  const rows = each(found.at("classNames")).map((name, i) => {
    const basis = found.at("perClass").at(i);
    return html`<tr><th scope="row">${swatch(page, name.value)}${text(name)}</th><td class="n">${count(
      basis.at("patients"),
    )}</td><td class="n">${count(basis.at("cores"))}</td><td class="n">${count(basis.at("pixels"))}</td>${
      annotated && html`<td class="n">${count(annotated.at("pixels").at(i))}</td>`
    }<td>${estimate(
      scores.at("auc").at(i),
    )}</td><td>${estimate(scores.at("sensitivity").at(i))}</td><td>${estimate(scores.at("specificity").at(i))}</td></tr>
`;
  });
  const caption = html`Every class against all others, patients held out, with 95\u00a0% intervals by patient. Pixels are those tested, drawn to a like number a class. Sensitivity and specificity are those of the most probable class of all of them; the AUC is that of the share of the votes.`;
  return table(page, caption, head, rows);
}

/** The scores of each measuring mode. */
export function modeTable(page: Page, found: Evidence<ValidationFinding>): Html {
  const modes = given(found.at("byMode"))!;
  const head = html`<tr><th scope="col">Mode</th><th scope="col">Macro AUC</th><th scope="col">Balanced accuracy</th><th scope="col">Accuracy</th><th scope="col">Rests on</th></tr>`;
  const rows = each(modes).map(
    (mode) => html`<tr><th scope="row">${text(mode.at("mode"))}</th><td>${estimate(
      mode.at("scores").at("macroAuc"),
    )}</td><td>${estimate(mode.at("scores").at("balancedAccuracy"))}</td><td>${estimate(
      mode.at("scores").at("accuracy"),
    )}</td><td>${counts(mode.at("scores").at("counts"))}</td></tr>
`,
  );
  const caption = html`Scores by measuring mode, patients held out, with 95\u00a0% intervals. Neighbouring pixels of an oversampled mode are not independent; the intervals are by patient and allow for it.`;
  return table(page, caption, head, rows);
}
