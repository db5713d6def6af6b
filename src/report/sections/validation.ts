import type { ValidationFinding } from "../../cube/findings.js";
import { calibrationChart } from "../charts/calibration.js";
import { learningCurve } from "../charts/learning-curve.js";
import { rocCurves } from "../charts/roc.js";
import { counts, estimateInterval, estimateValue } from "../estimate.js";
import { type Evidence, given } from "../evidence.js";
import { figure } from "../figure.js";
import { type Html, html } from "../html.js";
import { count, fixed, text } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { confusionTables } from "./confusion.js";
import { classTable, modeTable } from "./score-tables.js";
import { splitComparison } from "./split-comparison.js";

/** How well patients are classified that the model has never seen, and what would have hidden a leak. */
export function validation(page: Page): Section {
  const found = given(page.findings.at("validation"));
  const content = found
    ? validationContent(page, found)
    : html`<p class="missing">There are no validation figures, because no classifier was validated in this run.</p>`;
  return { id: "validation", title: "Validation by patient", content };
}

function validationContent(page: Page, found: Evidence<ValidationFinding>): Html {
  const scores = found.at("byPatient");
  const { repeats, byMode, roc, learningCurve: learning, calibration } = found.value;
  const rests = html`Patients held out: ${counts(scores.at("counts"))}.`;
  return html`
<p>The patients were dealt into ${count(found.at("folds"))} folds${
    repeats === 1 ? " once" : html`, ${count(found.at("repeats"))} times`
  }. Each fold was classified by a forest of ${count(found.at("trees"))} trees fitted on the other folds alone: principal components, limits and class balance included. The figures below are the ones to quote.</p>
<div class="headlines">
${headline("Macro AUC", scores.at("macroAuc"))}${headline("Balanced accuracy", scores.at("balancedAccuracy"))}${headline(
  "Accuracy",
  scores.at("accuracy"),
)}</div>
<p class="note">${rests} Intervals: 95\u00a0%, by bootstrap of the patients.</p>
${splitComparison(page, found)}
${classTable(page, found)}
<div class="two">
${
  roc.length
    ? figure(
        page,
        rocCurves(roc, page.styles),
        html`ROC curve of each class against all others, from the probabilities of held-out pixels. The diagonal is chance. ${rests}`,
      )
    : html`<p class="missing">No ROC curves were kept in this run.</p>`
}
${
  calibration.bins.some(({ pixels }) => pixels > 0)
    ? figure(
        page,
        calibrationChart(calibration),
        html`How often the chosen class was right, over the probability it was given; the area of a dot shows its number of pixels. On the diagonal a probability means what it says. Brier score ${fixed(
          found.at("calibration").at("brier"),
          3,
        )}, expected calibration error ${fixed(found.at("calibration").at("expectedError"), 3)}. From the same held-out pixels.`,
      )
    : html`<p class="missing">Calibration could not be drawn, because no bin holds a pixel.</p>`
}
</div>
<h3>Confusion matrices</h3>
${confusionTables(page, found)}
<h3>By measuring mode</h3>
${byMode?.length ? modeTable(page, found) : html`<p class="missing">Scores by mode were not part of this run.</p>`}
<h3>Learning curve</h3>
${
  learning?.length
    ? figure(
        page,
        learningCurve(learning),
        html`Macro AUC over the number of patients trained on, with its 95\u00a0% interval; patients held out throughout. A curve still rising says that more patients would help.`,
      )
    : html`<p class="missing">A learning curve was not part of this run.</p>`
}
`;
}

function headline(name: string, found: Evidence<ValidationFinding["byPatient"]["accuracy"]>): Html {
  const interval = estimateInterval(found);
  const reason = given(found.at("reason"));
  return html`<div class="headline"><span class="name">${name}</span><span class="value">${estimateValue(found)}</span>${
    interval && html`<span class="interval">${interval}</span>`
  }${reason && html`<span class="reason">${text(reason)}</span>`}</div>
`;
}
