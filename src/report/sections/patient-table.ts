import type { ValidationFinding } from "../../cube/findings.js";
import { type Evidence, each, given } from "../evidence.js";
import { table } from "../figure.js";
import { type Html, html, join } from "../html.js";
import { count, fixed, percent, text } from "../numbers.js";
import type { Page } from "../page.js";

/** Patients that a report lists; findings.json and patients.csv have all. */
const SHOWN = 20;

/** Every patient by itself, the worst first. */
export function patientTable(page: Page, found: Evidence<ValidationFinding>): Html {
  const patients = each(given(found.at("patients"))!);
  const pair = given(found.at("pair"));
  const head = html`<tr><th scope="col">Patient</th><th scope="col">Classes</th><th scope="col" class="n">Pixels</th><th scope="col" class="n">Most probable class right</th><th scope="col" class="n">Classified</th><th scope="col" class="n">Macro AUC</th>${
    pair && html`<th scope="col" class="n">${text(pair.at("names").at(0))} against ${text(pair.at("names").at(1))}</th>`
  }</tr>`;
  const rows = patients.slice(0, SHOWN).map(
    (
      of,
    ) => html`<tr><th scope="row">${text(of.at("patient"))}</th><td>${join(each(of.at("classes")).map(text), ", ")}</td><td class="n">${count(
      of.at("counts").at("pixels"),
    )}</td><td class="n">${percent(of.at("accuracy"))}</td><td class="n">${percent(of.at("coverage"))}</td><td class="n">${fixed(
      of.at("macroAuc"),
      3,
    )}</td>${pair && html`<td class="n">${fixed(of.at("pairAuc"), 3)}</td>`}</tr>
`,
  );
  const caption = html`The patients one by one, held out, the worst first${
    patients.length > SHOWN ? html`; the first of ${count(given(found.at("patients"))!.at("length"))}` : ""
  }. Areas are over the pixels of the patient alone; one that has a single class has none.`;
  return table(page, caption, head, rows, "small");
}
