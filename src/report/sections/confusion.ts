import type { ValidationFinding } from "../../cube/findings.js";
import { type Evidence, each } from "../evidence.js";
import { table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, share, text } from "../numbers.js";
import type { Page } from "../page.js";
import { swatch } from "./swatch.js";

const units = {
  pixels: html`Pixels by class: the truth down the side, what the rule of the stain gave along the top. In each field the count, and its share of the row. First repeat, patients held out.`,
  cores: html`Cores by class: for each class that a core truly holds, the class that most of those pixels were given. First repeat, patients held out.`,
  patients: html`Patients by class: for each class that a patient truly holds, the class that most of those pixels were given. First repeat, patients held out.`,
};

/** The confusion of pixels, of cores and of patients: a classifier can be right by pixel and wrong by patient. */
export function confusionTables(page: Page, found: Evidence<ValidationFinding>): Html {
  return html`${(["pixels", "cores", "patients"] as const).map((unit) => confusionTable(page, found, unit))}`;
}

function confusionTable(page: Page, found: Evidence<ValidationFinding>, unit: keyof typeof units): Html {
  const names = each(found.at("classNames"));
  const [first] = found.value.confusion[unit];
  const rest = first.length > names.length ? ["rejected", "unclassified"] : [];
  const head = html`<tr><th scope="col">Truth ↓ &nbsp; given →</th>${names.map(
    (name) => html`<th scope="col" class="n">${text(name)}</th>`,
  )}${rest.map((name) => html`<th scope="col" class="n">${name}</th>`)}</tr>`;
  const rows = each(found.at("confusion").at(unit)).map((row, truth) => {
    const total = row.value.reduce((sum, value) => sum + value, 0);
    return html`<tr><th scope="row">${swatch(page, names[truth].value)}${text(names[truth])}</th>${each(row).map(
      (field, predicted) => {
        const depth = total > 0 ? field.value / total : 0;
        const kind = predicted === truth ? "right" : "wrong";
        return html`<td class="n ${kind}" style="--depth: ${depth.toFixed(3)}">${count(field)}<small>${share(field, row)}</small></td>`;
      },
    )}</tr>
`;
  });
  return table(page, units[unit], head, rows, "confusion");
}
