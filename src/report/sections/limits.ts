import { each, given } from "../evidence.js";
import { plainTable } from "../figure.js";
import { type Html, html } from "../html.js";
import { plain, text } from "../numbers.js";
import type { Page, Section } from "../page.js";
import { createdAt } from "./header.js";
import { warnings } from "./warnings.js";

/** What the words of this report mean here, what it cannot say, what failed, and how to make it again. */
export function limits(page: Page): Section {
  const { findings } = page;
  const created = createdAt(page);
  return {
    id: "limits",
    title: "Limits, definitions and how to repeat this",
    content: html`
<h3>Limits of this run</h3>
<ul>${warnings(page).map((warning) => html`<li>${warning}</li>`)}</ul>
<h3 id="failed">What failed</h3>
${failures(page)}
<h3>Definitions</h3>
<dl class="definitions">
<dt>AUC</dt><dd>Area under the ROC curve of the share of the votes for one class against all others; ties count half. Of a pair, over the pixels of two classes alone, by the share of the one in both. A perfect order has 1, chance 0.5. The macro AUC is the unweighted mean over the classes.</dd>
<dt>Sensitivity, specificity</dt><dd>Of the most probable class: the share of the pixels of a class that were given it, and the share of all other pixels that were not.</dd>
<dt>Accuracy, balanced accuracy</dt><dd>The share of pixels given their class, of all tested ones or of those that the stain classifies, as is said beside it; the mean of the sensitivities, in which a rare class weighs as much as a common one.</dd>
<dt>95\u00a0% interval</dt><dd>Every figure is counted again without each patient in turn: an area under the curve or a mean of rates on the logit with Student’s t, a share by Wilson’s score with as many units as that variance is worth. Where nothing is wrong, the other limit is Wilson’s for all of so many patients. Pixels of one patient resemble one another, so an interval over pixels would be far too narrow. How training itself varies is not in it.</dd>
<dt>Patients held out</dt><dd>No pixel of a tested patient took part in anything fitted: not the components, not the limits, not the class balance, not the forest.</dd>
<dt>Random split</dt><dd>The same pixels dealt into folds without regard to the patient. It is printed only to show how much a leak would have flattered.</dd>
<dt>Null test</dt><dd>The validation with shuffled labels: patients of one class exchange their classes, a patient of several the names of its own. p is the share of labellings, the true one among them, whose macro AUC is at least that of the true one; above 0.05 the figure is not told from chance. Where a patient has one class, the shuffles lie below 0.5. It tests for chance, not for leaks.</dd>
<dt>Confusion by core and patient</dt><dd>Each class that a core or patient truly holds is counted once, under the class that most of its pixels were given.</dd>
<dt>Calibration</dt><dd>Expected error: the mean distance between predicted and observed frequency, weighted by the pixels of a bin. Brier score: the mean squared distance of the probabilities from the truth, of a pixel over all classes (0 to 2), of a diagnosis over its positive class (0 to 1); 0 is perfect. The probabilities of a pixel are the shares of the votes raised to one power and scaled to 1; the power is fitted on training patients held out of the forest, so the most probable class stays. It holds for tissue with the class balance of the pixels it was fitted on.</dd>
<dt>Share and area</dt><dd>The share is of the classified pixels; rejected and unclassified ones are not in it. The area is the number of pixels times the square of the pixel size, not corrected for the optical resolution.</dd>
<dt>Outside the domain</dt><dd>A spectrum too far from the component model (Q) or from its centre within the model (T²), each against a limit from the training spectra, measured with their patients held out.</dd>
<dt>Importance</dt><dd>The forest’s importances of the components, carried back to wavenumbers through the loadings.</dd>
</dl>
<h3>Known limits of the method</h3>
<ul>
<li>The labels are the reference. Where an annotation is wrong or a pixel holds several tissues, the scores are wrong with it.</li>
<li>The optical resolution is coarser than a fine pixel: neighbouring pixels are not independent, and edges are mixtures.</li>
<li>Scatter, thickness, paraffin and water vapour shape spectra; another instrument or preparation needs a validation of its own.</li>
<li>A class map knows only the classes it was taught. Tissue of any other kind is forced into one of them unless it is rejected.</li>
<li>Importance of a wavenumber is use by the classifier, not cause.</li>
</ul>
<h3>How to repeat and cite this</h3>
<p>Run <code>${text(findings.at("command"))}</code> with spectrastain ${text(findings.at("version"))} and seed ${plain(
      findings.at("seed"),
    )} on files with the hashes of the inputs table. The same inputs, version and seed give the same numbers, whatever the number of workers. All numbers of this page stand in findings.json beside it; each carries its path there in the attribute <code>data-finding</code>.</p>
<p>Cite as: spectrastain ${text(findings.at("version"))}, report “${text(findings.at("title"))}”, ${created ? html`${created}, ` : html``}origin of the data: ${text(findings.at("origin"))}.</p>
`,
  };
}

function failures(page: Page): Html {
  const found = given(page.findings.at("failures"));
  if (!found?.value.length) return html`<p>No cube failed in this run.</p>`;
  const head = html`<tr><th scope="col">File</th><th scope="col">Error</th></tr>`;
  const rows = each(found).map(
    (
      failure,
    ) => html`<tr><td class="file">${text(failure.at("file"))}</td><td class="error">${text(failure.at("error"))}</td></tr>
`,
  );
  return plainTable(
    html`Cubes that failed, in the words of the error. They are in no figure of this report.`,
    head,
    rows,
    "small",
  );
}
