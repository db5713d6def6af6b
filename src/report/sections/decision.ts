import type { DecisionFinding, MethodFinding, StudyFinding } from "../../cube/diagnosis-findings.js";
import { calibrationChart } from "../charts/calibration.js";
import { estimate } from "../estimate.js";
import { type Evidence, given } from "../evidence.js";
import { figure, table } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, fixed, share, text } from "../numbers.js";
import type { Page } from "../page.js";

const answers = ["negative", "indeterminate", "positive"] as const;

/**
 * What a case would have been told: negative, indeterminate or positive, by bands and calibrations that have seen neither the bag nor its
 * patient; and how far the probability that goes with it can be taken at its word.
 */
export function decision(page: Page, found: Evidence<StudyFinding>): Html {
  const of = given(found.at("decision"));
  if (!of)
    return html`<p class="missing">How often a case is called, and called wrongly, was not measured in this study.</p>`;
  return html`
<h3>What a case is told</h3>
${answerTable(page, found, of)}
${calibrationFigure(
  page,
  of.at("calibration"),
  html`Calibration of the probability that a case is told, fitted without the patients it is drawn of: share of ${text(found.at("classNames").at(1))} bags over it; the area of a dot is its number of bags.`,
)}`;
}

function answerTable(page: Page, found: Evidence<StudyFinding>, of: Evidence<DecisionFinding>): Html {
  const head = html`<tr><th scope="col">Truth ↓ &nbsp; told →</th>${answers.map((answer) => html`<th scope="col" class="n">${answer}</th>`)}</tr>`;
  const rows = ([0, 1] as const).map((truth) => {
    const row = of.at("answers").at(truth);
    const cells = ([0, 1, 2] as const).map((answer) => {
      const tone = answer === 1 ? "" : (answer === 2) === (truth === 1) ? "right" : "wrong";
      return html`<td class="n ${tone}">${count(row.at(answer))}<small>${share(row.at(answer), row)}</small></td>`;
    });
    return html`<tr><th scope="row">${text(found.at("classNames").at(truth))}</th>${cells}</tr>
`;
  });
  return table(
    page,
    html`Bags of the first deal; each band was fitted on the other folds. An indeterminate bag is called neither way. Share that is called ${estimate(
      of.at("called"),
    )}, of these wrongly ${estimate(of.at("wrong"))}.`,
    head,
    rows,
    "confusion",
  );
}

/** A calibration of bags, drawn, with its figures. */
export function calibrationFigure(page: Page, found: Evidence<MethodFinding["calibration"]>, what: Html): Html {
  const { bins, ...rest } = found.value;
  return figure(
    page,
    calibrationChart({ ...rest, bins: bins.map(({ bags: pixels, ...bin }) => ({ ...bin, pixels })) }),
    html`${what} Brier score of the positive class alone ${fixed(found.at("brier"), 3)}, expected error ${fixed(
      found.at("expectedError"),
      3,
    )}, slope ${fixed(found.at("slope"), 2)}, intercept ${fixed(found.at("intercept"), 2)}.`,
  );
}
