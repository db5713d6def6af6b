import type { Figure, ValidationFinding } from "../../cube/findings.js";
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
import { patientTable } from "./patient-table.js";
import { classTable, modeTable } from "./score-tables.js";
import { splitComparison } from "./split-comparison.js";
import { stainedTable } from "./stained-table.js";

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
  const stained = given(found.at("stained"));
  const pair = given(found.at("pair"));
  const rests = html`Patients held out: ${counts(scores.at("counts"))}.`;
  return html`
<p>The patients were dealt into ${count(found.at("folds"))} folds${
    repeats === 1 ? " once" : html`, ${count(found.at("repeats"))} times`
  }. Each fold was classified by a forest of ${count(found.at("trees"))} trees fitted on the other folds alone, and so were its principal components${
    stained ? ", the limits of its domain and the temperature of its probabilities" : ""
  }. The figures below are the ones to quote.</p>
<div class="headlines">
${headline("Macro AUC", scores.at("macroAuc"))}${pair ? headline(html`AUC ${text(pair.at("names").at(0))} against ${text(pair.at("names").at(1))}`, pair.at("auc")) : ""}${
  stained
    ? html`${headline("Accuracy of what is classified", stained.at("accuracy"))}${headline("Share that is classified", stained.at("coverage"))}`
    : headline("Accuracy", scores.at("accuracy"))
}${headline("Balanced accuracy", scores.at("balancedAccuracy"))}</div>
<p class="note">${rests} Intervals: 95\u00a0%, by patient. Areas are over the shares of the trees’ votes; balanced accuracy is that of the most probable class of every tested pixel, classified or not.</p>
${stained ? stainedTable(page, found) : ""}
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
        html`How often the chosen class was right, over the probability it was given; the area of a dot shows its number of pixels. On the diagonal a probability means what it says. ${calibrated(found)}`,
      )
    : html`<p class="missing">Calibration could not be drawn, because no bin holds a pixel.</p>`
}
</div>
<h3>Confusion matrices</h3>
${confusionTables(page, found)}
<h3>Patient by patient</h3>
${found.value.patients?.length ? patientTable(page, found) : html`<p class="missing">Scores by patient were not part of this run.</p>`}
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

function calibrated(found: Evidence<ValidationFinding>): Html {
  const calibration = found.at("calibration");
  const votes = given(calibration.at("votes"));
  const after = html`Brier score over all classes ${fixed(calibration.at("brier"), 3)}, expected calibration error ${fixed(
    calibration.at("expectedError"),
    3,
  )}`;
  if (!votes) return html`${after}. From the same held-out pixels.`;
  return html`These are the probabilities that maps show, calibrated by one temperature a fold that was measured on patients held out of its training side: ${after}; before, as shares of the votes, ${fixed(
    votes.at("brier"),
    3,
  )} and ${fixed(votes.at("expectedError"), 3)}. For tissue with the class balance of the tested pixels.`;
}

function headline(name: string | Html, found: Evidence<Figure>): Html {
  const interval = estimateInterval(found);
  const reason = given(found.at("reason"));
  return html`<div class="headline"><span class="name">${name}</span><span class="value">${estimateValue(found)}</span>${
    interval && html`<span class="interval">${interval}</span>`
  }${reason && html`<span class="reason">${text(reason)}</span>`}</div>
`;
}
