import { estimate } from "../estimate.js";
import { each, given } from "../evidence.js";
import { type Html, html } from "../html.js";
import { count, text } from "../numbers.js";
import type { Page, Section } from "../page.js";

/** What the diagnosis model is for, what it was made of, and when not to believe it. Headings of Mitchell et al. 2019. */
export function modelCard(page: Page): Section | undefined {
  const found = given(page.findings.at("study"));
  if (!found) return undefined;
  const [method] = each(found.at("methods"));
  const tests = each(found.at("unitTests"));
  const own = tests.find(({ value }) => value.head === method.value.spec.head);
  const origin = page.findings.at("origin");
  const row = (name: string, what: Html) => html`<dt>${name}</dt><dd>${what}</dd>
`;
  const content = html`
<dl class="definitions">
${row("Model", html`${text(method.at("title"))} over ${text(found.at("patch").at("channels"))}; an ensemble of the networks of all folds. Made by spectrastain ${text(page.findings.at("version"))}.`)}
${row("Intended use", html`Research on whether ${text(found.at("classNames").at(1))} and ${text(found.at("classNames").at(0))} tissue can be told apart without stains, by people who can read spectra. Not for diagnostic use on patients.`)}
${row("Out of scope", html`Other organs, instruments, preparations and pixel sizes than those of the training data; tissue of which the stain knows no class; single pixels.`)}
${row("Training data", html`${count(found.at("counts").at("patients"))} patients, ${count(found.at("counts").at("bags"))} bags, origin: ${text(origin)}. The same patients, held out fold by fold, are those of the figures; no other hospital was tested (external validation: none).`)}
${row("Metrics", html`Patients held out: accuracy ${estimate(method.at("pooled").at("accuracy"))}, AUC ${estimate(method.at("pooled").at("auc"))}, recall ${estimate(method.at("pooled").at("recall"))}, precision ${estimate(method.at("pooled").at("precision"))}.`)}
${row(
  "Unit test",
  own
    ? html`<b>${own.value.passed ? "passed" : "FAILED"}</b>. ${own.value.passed ? "The head does not learn from what is missing in positive bags. What all positive bags hold it learns, a slide effect of theirs too." : "The head learns that a marker of negative bags makes a bag negative: a slide effect can carry its figures."} Other heads: ${tests
        .filter((test) => test !== own)
        .map(
          (test) => html`${text(test.at("title"))} ${test.value.passed ? "passed" : "failed"}; `,
        )}source: Raff and Holt, “Reproducibility in Multiple Instance Learning: A Case For Algorithmic Unit Tests”.`
    : html`<span class="missing">not part of this run</span>`,
)}
${row("Factors", html`Figures by mode, slide, instrument and day are not broken down here; batches that go with the label are not seen by a split by patient.`)}
${row("Ethical considerations", html`Names of patients are those that the cohort file uses; give pseudonyms there. A false negative costs more than a false positive: read recall first.`)}
${row("Caveats", html`The label of a bag says nothing of its patches. Maps show what raised a score. With few patients the intervals are wide.`)}
${row("Licence", html`The program is under the MIT licence; the data under that of their owners.`)}
</dl>`;
  return { id: "model-card", title: "Model card", content };
}
